# Every target is one script; this file only names them.
.PHONY: help run test bench bench-data lint sqlx assets deb deploy-test fuzz clean-lab

help:
	@echo 'make run        set up this machine, build, start the lab and Drover; Ctrl-C stops it'
	@echo 'make test       the same set-up, then every test'
	@echo 'make bench      measurements, printed as one table'
	@echo 'make bench-data an estate of 500 hosts, 10,000 VMs and 1,000,000 events in a PostgreSQL of its own'
	@echo 'make lint       formatting and lints'
	@echo 'make fuzz       made-up searches against the search language, for a minute'
	@echo 'make sqlx       refresh .sqlx after a change of a query or a migration'
	@echo 'make assets     build the browser assets only'
	@echo 'make deb        the Debian package, in target/debian'
	@echo 'make deploy-test  the package and the README followed in a clean Debian, as root (some minutes)'
	@echo 'make clean-lab  stop the labs of this clone and remove their data'

run:
	@exec end2end/run.sh

test:
	@exec end2end/test.sh

bench:
	@exec end2end/bench.sh

bench-data:
	@exec end2end/bench/data.sh

lint:
	@exec end2end/setup/lint.sh

sqlx:
	@exec end2end/setup/sqlx.sh

fuzz:
	@exec end2end/fuzz.sh

assets:
	@exec style/build.sh

deb:
	@exec end2end/setup/deb.sh

deploy-test:
	@exec end2end/deploy.sh

clean-lab:
	@end2end/lab/lab clean .lab/run
	@end2end/lab/lab clean .lab/test
