-- A password that somebody was given for a VM's screen opens it for a while only; afterwards it gets another one.
ALTER TABLE vms ADD COLUMN vnc_password_until timestamptz;
