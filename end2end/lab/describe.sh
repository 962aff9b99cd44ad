# What a lab tells about itself: addresses, names, transports, paths and process ids, as shell
# assignments or as JSON. Sourced by `lab`.

describe_shell() {
    local n N
    pair LAB_DIR "$LAB_DIR"
    pair LAB_ID "$LAB_ID"
    pair LAB_DATA "$SERVER_DATA"
    pair LAB_COMMAND "$LAB_CODE/lab"
    pair LAB_GATEWAY "$SUBNET.1"
    pair LAB_SUBNET "$SUBNET.0/24"
    pair LAB_BRIDGE "$BRIDGE"
    pair LAB_NETWORK mgmt
    pair LAB_PORT "$PORT"
    pair LAB_DATA_PATH "$STORAGE/data"
    pair LAB_SMALL_PATH "$STORAGE/small"
    pair LAB_GUEST_DISK "$GUEST/tiny.qcow2"
    pair LAB_GUEST_FULL_DISK "$GUEST/full.qcow2"
    pair LAB_GUEST_ISO "$GUEST/tiny.iso"
    pair LAB_GUEST_KERNEL "$GUEST/vmlinuz"
    pair LAB_GUEST_INITRD "$GUEST/initrd"
    pair LAB_HOSTS "$(for n in $LAB_ALL_HOSTS; do host_name "$n"; done | paste -sd' ')"
    for n in $LAB_ALL_HOSTS; do
        N=LAB_KVM$n
        pair "${N}_NAME" "$(host_name "$n")"
        pair "${N}_ADDRESS" "$(host_address "$n")"
        pair "${N}_TRANSPORT" "$(host_transport "$n")"
        pair "${N}_PORT" "$(host_port "$n")"
        pair "${N}_URI" "qemu+$(host_transport "$n")://$(host_address "$n")/system"
        pair "${N}_UUID" "$(host_uuid "$n")"
        pair "${N}_NETNS" "$(host_netns "$n")"
        pair "${N}_PID" "$(host_pid "$n")"
    done
}

pair() { printf "export %s='%s'\n" "$1" "$2"; }

describe_json() {
    local n separator=
    cat <<JSON
{
  "dir": "$LAB_DIR",
  "id": $LAB_ID,
  "server_data": "$SERVER_DATA",
  "command": "$LAB_CODE/lab",
  "gateway": "$SUBNET.1",
  "subnet": "$SUBNET.0/24",
  "bridge": "$BRIDGE",
  "network": "mgmt",
  "port": $PORT,
  "data_path": "$STORAGE/data",
  "small_path": "$STORAGE/small",
  "guest": {
    "disk": "$GUEST/tiny.qcow2",
    "full_disk": "$GUEST/full.qcow2",
    "iso": "$GUEST/tiny.iso",
    "kernel": "$GUEST/vmlinuz",
    "initrd": "$GUEST/initrd"
  },
  "hosts": [
JSON
    for n in $LAB_ALL_HOSTS; do
        printf '%s    {"number": %s, "name": "%s", "address": "%s", "transport": "%s", "port": %s, "uuid": "%s", "netns": "%s", "pid": %s}' \
            "$separator" "$n" "$(host_name "$n")" "$(host_address "$n")" "$(host_transport "$n")" "$(host_port "$n")" \
            "$(host_uuid "$n")" "$(host_netns "$n")" "$(host_pid "$n" || echo null)"
        separator=$',\n'
    done
    printf '\n  ]\n}\n'
}
