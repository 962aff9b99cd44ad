#!/bin/bash
# Describes the lab to `drover admin apply`, as TOML on standard output: its hosts, storage, network and
# the bootable template. Needs the lab's environment (`eval "$(lab env DIR)"`).
set -euo pipefail

cat <<TOML
[[data_center]]
name = "Default"

[[cluster]]
name = "Lab"
data_center = "Default"

[[network]]
name = "mgmt"
data_center = "Default"
bridge = "$LAB_NETWORK"
TOML

# Software emulation on a shared machine: placement must not believe what a host reports.
for host in $LAB_HOSTS; do
    address=LAB_${host^^}_ADDRESS transport=LAB_${host^^}_TRANSPORT
    cat <<TOML

[[host]]
name = "$host"
cluster = "Lab"
address = "${!address}"
transport = "${!transport}"
acceleration = "emulation"
memory_limit = "4 GiB"
cpu_limit = 2
TOML
done

cat <<TOML

[[storage_domain]]
name = "data"
data_center = "Default"
path = "$LAB_DATA_PATH"

[[template]]
name = "Tiny Linux"
description = "A small Linux with the guest agent; boots in a few seconds"
data_center = "Default"
storage_domain = "data"
memory = "256 MiB"
vcpus = 1
image = "$LAB_GUEST_DISK"
TOML
