# Every text that a person reads. Keys by area; arguments in braces. American English.

# kinds
kind-system = system
kind-data-center = data center
kind-cluster = cluster
kind-host = host
kind-network = network
kind-storage-domain = storage domain
kind-disk = disk
kind-template = template
kind-vm = virtual machine
kind-user = user
kind-job = job
kind-event = event

# actions
action-create-data-center = New Data Center
action-edit-data-center = Edit
action-remove-data-center = Remove
action-create-cluster = New Cluster
action-edit-cluster = Edit
action-remove-cluster = Remove
action-create-network = New Network
action-edit-network = Edit
action-remove-network = Remove
action-create-storage = New Storage Domain
action-edit-storage = Edit
action-remove-storage = Remove
action-create-host = New Host
action-edit-host = Edit
action-remove-host = Remove
action-test-host = Test connection
action-maintenance = Maintenance
action-activate = Activate
action-create-template = Make Template
action-use-template = New VM
action-remove-template = Remove
action-create-disk = New Disk
action-create-vm = New VM
action-edit = Edit
action-remove = Remove
action-run = Run
action-shutdown = Shutdown
action-power-off = Power Off
action-reboot = Reboot
action-console = Console
action-cancel-job = Cancel
action-manage-users = Manage users
action-grant-permission = Add permission

# states
vm-status-image-locked = Image Locked
vm-status-down = Down
vm-status-wait-for-launch = Waiting for Launch
vm-status-powering-up = Powering Up
vm-status-up = Up
vm-status-powering-down = Powering Down
vm-status-reboot-in-progress = Rebooting
vm-status-paused = Paused
vm-status-saving-state = Saving State
vm-status-suspended = Suspended
vm-status-restoring-state = Restoring State
vm-status-migrating = Migrating
vm-status-not-responding = Not Responding
vm-status-unknown = Unknown
vm-status-image-illegal = Image Illegal
host-status-connecting = Connecting
host-status-up = Up
host-status-preparing-for-maintenance = Preparing for Maintenance
host-status-maintenance = Maintenance
host-status-non-responsive = Non Responsive
host-status-non-operational = Non Operational
storage-status-unknown = Unknown
storage-status-active = Active
storage-status-inactive = Inactive
disk-status-locked = Locked
disk-status-ok = OK
disk-status-illegal = Illegal
allocation-thin = Thin
allocation-preallocated = Preallocated
job-status-queued = Queued
job-status-running = Running
job-status-undoing = Undoing
job-status-finished = Finished
job-status-failed = Failed
job-status-cancelled = Cancelled
step-status-pending = Pending
step-status-running = Running
step-status-done = Done
step-status-failed = Failed
step-status-undoing = Undoing
step-status-undone = Undone

# fields
field-required = Enter a value.
field-too-long = At most { $max } characters.
field-name-characters = Use letters, digits and the characters - _ . only.
field-title-characters = Line breaks and the characters / < > are not allowed, nor blanks at either end.
field-control-characters = Control characters are not allowed.
field-address = Enter a DNS name or an IP address.
field-path = Enter an absolute path, such as /srv/data.
field-between = Enter a number from { $min } to { $max }.
field-between-sizes = Enter a size from { $min } to { $max }.
field-at-least-size = Enter at least { $min }.
field-number = Enter a whole number.
field-unknown-choice = Choose one of the list.
field-disk-with-template = The template brings its own disk. Choose the blank template to make another.
field-network-bond = Names that begin with "bond" are kept for network bonds.
password-too-short = Use at least { $min } characters.
password-too-simple = Choose a password that neither holds the user name nor repeats one character.
password-mismatch = The two passwords differ.
password-wrong = This is not the current password.
password-same = Choose a password other than the current one.

# faults
fault-not-found = There is no such { $kind }, or you may not see it.
fault-signed-out = Sign in to go on.
fault-stale = Somebody else changed this { $kind } in the meantime. Look at what changed, then save again.
fault-internal = Something went wrong on the server. The log has the cause under { $incident }.

# refusals
refusal-not-permitted = You have no permission for "{ $action }" here. Ask an administrator for a role that has it.
refusal-vm-status = "{ $action }" is not possible while the virtual machine is { $status }.
refusal-host-status = "{ $action }" is not possible while the host is { $status }.
refusal-name-taken = A { $kind } named { $name } exists already. Choose another name.
refusal-address-taken = The host { $name } has this address already.
refusal-path-taken = The storage domain { $name } uses this path already.
refusal-in-use = { $name } cannot be removed, because it is still used.
refusal-used-by = { $kind } { $name }
refusal-busy = { $name } is busy: { $job }. Wait until that has ended, or cancel it.
refusal-no-host = No host of the cluster { $cluster } can run { $name } now.
refusal-no-hosts-in-cluster = The cluster { $cluster } has no host yet.
refusal-host-vms = Virtual machines still run on { $name }. Shut them down first.
refusal-template-not-ready = The template { $name } is { $status }.
refusal-storage-inactive = No host can reach the storage domain { $name } now.
refusal-storage-full = The storage domain { $name } has { $available } free; { $needed } are needed.
refusal-no-storage = The data center { $name } has no storage domain yet. Add one first.
refusal-other-data-center = { $name } belongs to another data center.
refusal-beyond-every-host = No host of the cluster has that much memory. The largest has { $largest }.
refusal-vcpus-beyond-every-host = No host of the cluster has that many CPUs. The largest has { $largest }.
refusal-vm-without-boot = The virtual machine has neither a disk nor a network to boot from.
refusal-headless = { $name } is headless: it has no graphical console.
refusal-tcp-lab-only = Plain TCP is neither encrypted nor authenticated. The server accepts it only when started with the laboratory flag.
refusal-job-ended = This job has ended already.
refusal-job-not-cancellable = This step cannot be interrupted any more.
refusal-sign-in = The user name or the password is wrong.
refusal-sign-in-rate = Too many attempts. Try again in { $seconds } s.
refusal-must-change-password = Choose a new password first.
refusal-duplicate-host = This machine is already here as the host { $name }.
refusal-cross-origin = The request came from another site and was refused.
refusal-too-large = The request is larger than { $max }.

# why a host did not pass
filter-status = { $host }: is { $status }
filter-memory = { $host }: has { $free } of memory free, { $needed } are needed
filter-memory-never = { $host }: has { $total } of memory in all, { $needed } are needed
filter-cpu = { $host }: has { $total } CPUs, { $needed } are needed
filter-network = { $host }: lacks the bridge { $bridge } of the network { $network }
filter-network-unknown = { $host }: cannot list its bridges; install the package libvirt-daemon-driver-interface there
filter-storage = { $host }: does not reach the storage domain { $domain }
filter-acceleration = { $host }: cannot run guests of this type
filter-cpu-model = { $host }: does not offer the CPU model { $model }

# what happened to a VM
vm-reason-guest-shutdown = The guest shut down.
vm-reason-powered-off = Powered off by { $user }.
vm-reason-crashed = The virtual machine's process ended unexpectedly.
vm-reason-failed = The virtual machine failed: { $cause }
vm-reason-host-lost = The host does not answer.
vm-reason-io-error = Paused: a disk could not be written.
vm-reason-user-paused = Paused on the host.
vm-reason-start-failed = The last start failed.

# what happened to a host
host-reason-unreachable = { $cause }
host-reason-certificate = The host's certificate was refused: { $cause }
host-reason-timeout = libvirt did not answer within { $seconds } s.
host-reason-abandoned = { $n } calls to libvirt never returned; the connection was renewed.
host-reason-other-machine = Another machine answers at this address than before.
host-warning-interface-driver = libvirt cannot list this host's bridges. Install the package libvirt-daemon-driver-interface there.
host-warning-no-kvm = This host has no working KVM acceleration; its guests are emulated and slow.
host-warning-lock = The lock manager is off: nothing but Drover keeps a disk from being started twice. Set lock_manager = "lockd" in qemu.conf.

# events
event-server-started = Drover { $version } started.
event-server-stopped = Drover stopped.
event-signed-in = { $user } signed in from { $address }.
event-signed-out = { $user } signed out.
event-sign-in-failed = Sign-in of { $user } from { $address } failed.
event-password-changed = { $user } changed the password.
event-user-added = The user { $name } was added.
event-permission-granted = { $principal } was given the role { $role } on { $object }.
event-vm-create-started = { $user } began to create the VM { $name }.
event-vm-created = The VM { $name } was created.
event-vm-create-failed = The VM { $name } could not be created: { $cause }
event-vm-updated = { $user } changed the configuration of the VM { $name }.
event-vm-remove-started = { $user } began to remove the VM { $name }.
event-vm-removed = The VM { $name } was removed.
event-vm-remove-failed = The VM { $name } could not be removed: { $cause }
event-vm-start-initiated = { $user } started the VM { $name }.{ $reason }
event-vm-started = The VM { $name } runs on the host { $host }.
event-vm-start-failed = The VM { $name } could not be started: { $cause }
event-vm-shutdown-initiated = { $user } asked the VM { $name } to shut down.{ $reason }
event-vm-powered-off = { $user } powered off the VM { $name }.{ $reason }
event-vm-stop-failed = The VM { $name } could not be stopped: { $cause }
event-vm-reboot-initiated = { $user } rebooted the VM { $name }.{ $reason }
event-vm-reboot-failed = The VM { $name } could not be rebooted: { $cause }
event-vm-down = The VM { $name } is down. { $why }
event-vm-down-error = The VM { $name } went down unexpectedly. { $why }
event-vm-paused = The VM { $name } is paused. { $why }
event-vm-not-responding = The VM { $name } does not respond.
event-vm-responds-again = The VM { $name } responds again.
event-vm-unknown = The state of the VM { $name } is unknown: its host { $host } does not answer.
event-console-connected = { $user } opened the console of the VM { $name }.
event-console-disconnected = { $user } left the console of the VM { $name }.
event-data-center-added = { $user } added the data center { $name }.
event-data-center-updated = { $user } changed the data center { $name }.
event-data-center-removed = { $user } removed the data center { $name }.
event-cluster-added = { $user } added the cluster { $name }.
event-cluster-updated = { $user } changed the cluster { $name }.
event-cluster-removed = { $user } removed the cluster { $name }.
event-network-added = { $user } added the network { $name }.
event-network-updated = { $user } changed the network { $name }.
event-network-removed = { $user } removed the network { $name }.
event-storage-added = { $user } added the storage domain { $name }.
event-storage-updated = { $user } changed the storage domain { $name }.
event-storage-removed = { $user } removed the storage domain { $name }.
event-storage-active = The storage domain { $name } is active.
event-storage-inactive = No host reaches the storage domain { $name }. { $why }
event-host-added = { $user } added the host { $name }.
event-host-updated = { $user } changed the host { $name }.
event-host-removed = { $user } removed the host { $name }.
event-host-up = The host { $name } is up.
event-host-activating = { $user } activated the host { $name }.
event-host-maintenance-asked = { $user } sent the host { $name } to maintenance.{ $reason }
event-host-maintenance = The host { $name } is in maintenance.
event-host-non-responsive = The host { $name } does not answer. { $why }
event-host-non-operational = The host { $name } cannot run virtual machines. { $why }
event-host-reconnected = The connection to the host { $name } was renewed: too many calls never returned.
event-template-added = The template { $name } was added.
event-template-failed = The template { $name } could not be made: { $cause }
event-template-removed = { $user } removed the template { $name }.
event-vm-found = { $name } was found running on the host { $host }, where Drover had not started it.
event-orphan-found = { $what } on the host { $host } belongs to nothing that Drover knows. It was left alone.
event-job-cancelled = { $user } cancelled "{ $job }".
event-reason = { " " }Reason: { $reason }

# jobs
job-vm-create = Create VM { $name }
job-vm-start = Start VM { $name }
job-vm-resume = Resume VM { $name }
job-vm-shutdown = Shut down VM { $name }
job-vm-power-off = Power off VM { $name }
job-vm-reboot = Reboot VM { $name }
job-vm-remove = Remove VM { $name }
job-template-import = Import template { $name }

# folders of the tree
folder-data-center = Data Centers
folder-storage-domain = Storage
folder-network = Networks
folder-template = Templates
folder-cluster = Clusters
folder-host = Hosts
folder-vm = Virtual Machines

# parts of other texts
plain = { $text }
field-unknown-reference = Choose a { $kind } that exists.

# jobs that did not end well
job-step-deadline = The step { $step } did not end within { $seconds } s.
job-step-interrupted = The step { $step } was interrupted { $n } times and is not tried again.
job-step-left = The step { $step } could not be undone: { $cause }
job-step-not-reached = The step { $step } was not undone.
job-kind-unknown = This version cannot run jobs of the kind { $kind }.
job-cancel-incomplete = The job was cancelled, but not everything could be undone.
job-database-away = The database did not answer.
job-end-unwritten = The outcome could not be recorded in full. The log has the cause under { $incident }.
field-path-in-use = The path cannot change while disks are stored there.
field-template-storage = A thin virtual machine lies in the same storage domain as its template.
vm-reason-destroyed = It was powered off on the host.
vm-reason-host-restarted = Its host was restarted.
refusal-no-such-name = There is no { $kind } named { $name }.
refusal-file = { $path } cannot be read: { $cause }

# frame
brand = Drover
frame-home = Drover, home
frame-skip = Skip to the content
frame-tree = Tree
frame-tree-toggle = Show or hide the tree
frame-tree-expand = Expand all
frame-tree-collapse = Collapse all
frame-lists = Lists
frame-events = Events
frame-no-message = No messages yet.
frame-alerts = { $n ->
    [0] No new alerts
    [one] One new alert
   *[other] { $n } new alerts
}
frame-jobs = { $n ->
    [0] No running jobs
    [one] One running job
   *[other] { $n } running jobs
}
frame-jobs-none = Nothing is running.
frame-jobs-all = All jobs
frame-job-step = Step { $done } of { $all }: { $step }
frame-account = Account
frame-account-settings = Change password
frame-sign-out = Sign out
frame-administrator = Administrator
frame-theme = Theme
frame-theme-light = Light
frame-theme-dark = Dark
frame-theme-system = As the system
frame-connection-lost = The connection to the server is lost. Trying again…
frame-build-changed = A newer version of this page is available. Reload it when you are done typing.
frame-reload = Reload
frame-not-found = There is nothing at this address
frame-not-found-hint = It may have been removed, or you may not see it.
frame-not-found-home = Go to the virtual machines
tab-data-centers = Data Centers
tab-clusters = Clusters
tab-hosts = Hosts
tab-networks = Networks
tab-storage = Storage
tab-disks = Disks
tab-vms = Virtual Machines
tab-templates = Templates
tab-events = Events
tab-jobs = Jobs
alert-danger = Error:
alert-warning = Warning:
alert-success = Done:
alert-info = Note:
alert-neutral = Message:

# the console
console-title = Console of { $name }
console-connecting = Connecting …
console-connected = Connected
console-disconnected = Disconnected
console-failed = The console cannot be opened.
console-needs-script = The console needs JavaScript.
console-ctrl-alt-del = Ctrl-Alt-Del
console-full-screen = Full screen
console-reconnect = Reconnect
console-back = To the virtual machine

# pages: words of lists, details and dialogs
choose = Choose…
action-with-reason = { $action } with a reason…
tree-system = System
kind-cluster-title = Cluster
kind-data-center-title = Data center
kind-host-title = Host
kind-job-title = Job
kind-network-title = Network
part-general = General
part-hardware = Hardware
part-software = Software
part-contents = Contents
part-use = Use
part-now = Now
part-space = Space
part-nics = Network Interfaces
part-guest = Guest Info
page-loading = Loading
page-parts = Parts of this page
page-path = Where this is
page-signed-out = You are signed out
page-forbidden = This is not for you
page-failed = This could not be loaded
page-again = Try again
value-yes = Yes
value-no = No
value-of = { $n } of { $all }
value-percent = { $n } %
value-rate = { $rate }/s
unit-mib = MiB
unit-gib = GiB
time-now = just now
time-seconds = { $n } seconds ago
time-minutes = { $n ->
    [one] 1 minute ago
   *[other] { $n } minutes ago
}
time-hours = { $n ->
    [one] 1 hour ago
   *[other] { $n } hours ago
}
time-days = { $n ->
    [one] 1 day ago
   *[other] { $n } days ago
}
severity-normal = Normal
severity-warning = Warning
severity-error = Error
severity-alert = Alert

# pages: lists
list-bar = What can be done
list-choose-one = Choose one row of the list first.
list-select = Select { $name }
list-select-all = Select all rows of this page
list-deeds = What can be done with { $name }
list-deeds-here = What can be done
list-deeds-column = Menu
list-pages = Pages of the list
list-range = { $first } – { $last } of { $total }
list-size = { $n } per page
list-first = First page
list-previous = Previous page
list-next = Next page
list-last = Last page
list-unscope = Show all
list-below = Details below the list
list-below-close = Close the details
list-below-height = Height of the details
list-none-here = Nothing here
list-empty-here = Here is nothing of this kind.
data-centers-none = No data centers yet
data-centers-none-hint = A data center is the outermost box: storage, networks, templates and clusters belong to one. Begin by making it.
clusters-none = No clusters yet
clusters-none-hint = A cluster holds hosts that can run the same virtual machines. Make one, then add hosts to it.
hosts-none = No hosts yet
hosts-none-hint = A host is a machine with KVM and libvirt. Add one to run virtual machines on it.
networks-none = No networks yet
networks-none-hint = A network stands for a bridge that the hosts have under the same name. Add one to connect virtual machines.
storage-none = No storage domains yet
storage-none-hint = A storage domain is a directory that all hosts of a data center reach at the same path. Disks and templates lie there.
disks-none = No disks yet
disks-none-hint = Disks come with virtual machines and templates.
vms-none = No virtual machines yet
vms-none-hint = Make one from a template, or a blank one with a disk of its own.
templates-none = No templates yet
templates-none-hint = A template is a disk image to make virtual machines from. Import one with: drover admin template import
events-none = No events yet
events-none-hint = Everything that happens is written down here.
jobs-none = No jobs yet
jobs-none-hint = Every operation that takes a while is shown here with its steps.

# pages: fields
field-id = ID
field-name = Name
field-alias = Alias
field-title = Title
field-description = Description
field-comment = Comment
field-status = Status
field-reason = Reason
field-reason-help = Shown in the events.
field-address-label = Address
field-address-help = DNS name or IP address.
field-addresses = IP Addresses
field-fqdn = FQDN
field-mac = MAC Address
field-data-center = Data Center
field-cluster = Cluster
field-host = Host
field-template = Template
field-storage-domain = Storage Domain
field-bridge = Bridge
field-bridge-help = The bridge's name on the hosts, at most 15 characters.
field-path-label = Path
field-path-help = An absolute path, the same on every host of the data center.
field-transport = Transport
field-port = Port
field-port-help = Leave empty for libvirt's own.
field-acceleration = Acceleration
field-acceleration-help = Automatic tries KVM once on the host.
field-memory-limit = Memory limit
field-cpu-limit = vCPUs of the largest VM
field-limit-help = For placement only. Leave empty to use all of the host.
field-last-seen = Last answer
field-memory = Memory
field-memory-size = Memory Size
field-cpu = CPU
field-cpu-model = CPU model
field-vcpus = vCPUs
field-vcpus-shape = Sockets × cores × threads must make the total. Leave those empty that may be chosen for you.
field-topology = Topology
field-sockets = Sockets
field-cores = Cores per socket
field-threads = Threads per core
field-network = Network
field-uptime = Uptime
field-created = Created
field-begun = Begun
field-ended = Ended
field-attempts = Attempts
field-progress = Progress
field-owner = Owner
field-user = User
field-correlation = Correlation ID
field-severity = Severity
field-time = Time
field-message = Message
field-about = About
field-virtual-size = Virtual Size
field-actual-size = Actual Size
field-disk-size = Disk Size
field-allocation = Allocation
field-bootable = Bootable
field-attached-to = Attached To
field-total-space = Total Space
field-free-space = Free Space
field-committed = Committed
field-use = In use
field-headless = Headless
field-keyboard = Keyboard layout

# pages: forms
form-ok = OK
form-cancel = Cancel
form-close = Close
form-reload = Load it again
form-invalid = Some fields need your attention.
form-tab-wrong = A field here is wrong
form-unknown = There is nothing to do at this address.
form-signed-out = Your session has ended. What you typed is still here.
form-sign-in-beside = Sign in in another tab, then try again here
fault-offline = The server cannot be reached. Nothing was lost; try again.
fault-answer = The server's answer makes no sense here: { $cause }
deed-title = { $action }: { $name }
remove-title = Remove { $kind } { $name }?
sign-in-title = Sign in
sign-in-user = User name
sign-in-password = Password
sign-in-submit = Sign in
password-title = Change password
password-hint = Other sessions of yours end when you change it.
password-rule = At least { $min } characters, and not your user name.
password-current = Current password
password-new = New password
password-repeat = New password, once more
password-show = Show the password
password-hide = Hide the password
password-submit = Change password
data-center-new = New Data Center
data-center-edit = Edit Data Center
data-center-remove-hint = It must be empty. Nothing else is touched.
cluster-new = New Cluster
cluster-edit = Edit Cluster
cluster-remove-hint = It must have no hosts and no virtual machines.
network-new = New Network
network-edit = Edit Network
network-remove-hint = No virtual machine may use it. The bridges on the hosts stay.
network-hosts-with = Hosts with the bridge
storage-new = New Storage Domain
storage-edit = Edit Storage Domain
storage-remove-hint = It must hold no disks and no templates. The directory and its files stay.
template-remove-hint = Its disk is removed as well. No virtual machine may be made from it any more.

# pages: hosts
host-new = New Host
host-edit = Edit Host
host-placement = Placement
host-remove-hint = Drover forgets the host. The machine itself is left as it is.
host-maintenance-hint = No virtual machine may run there. The host is then left alone until it is activated.
host-activate-hint = Drover connects to it again and places virtual machines there.
host-no-facts = The host has not answered yet.
host-test-fine = The connection works
host-fact-hostname = Host name
host-fact-cpu = CPU
host-fact-vendor = CPU vendor
host-fact-arch = Architecture
host-fact-cpus = CPUs
host-fact-numa = NUMA nodes
host-fact-memory = Memory
host-fact-libvirt = libvirt
host-fact-qemu = QEMU
host-fact-kvm = KVM
host-fact-bridges = Bridges
host-fact-machines = Machine types
transport-tls = TLS
transport-tls-help = With certificates of Drover's own authority. The choice for every machine in a network.
transport-local = Local socket
transport-local-help = libvirt on the machine that Drover runs on. Needs no address.
transport-tcp = Plain TCP
transport-tcp-help = Neither encrypted nor authenticated: for laboratories only.
acceleration-auto = Automatic
acceleration-kvm = KVM
acceleration-emulation = Emulation

# pages: virtual machines
vm-new = New Virtual Machine
vm-edit = Edit Virtual Machine
vm-tabs = Parts of the dialog
vm-tab-system = System
vm-tab-console = Console
vm-blank = Blank
vm-template-help = Brings its disk, and proposes memory and vCPUs.
vm-disk-size = Disk size
vm-disk-size-help = Leave empty for a virtual machine without a disk.
vm-storage-chosen = Chosen for you
vm-nic = Network of the interface nic1
vm-no-nic = No interface
vm-total-vcpus = Total vCPUs
vm-advanced = Topology and model
vm-shape-help = Leave empty what may be chosen for you.
vm-cpu-host = The host's
vm-cpu-model-help = A model that libvirt knows by name.
vm-headless-help = Without a screen. The serial console stays.
vm-keyboard-default = As the browser's
vm-applies-later = The virtual machine runs. What cannot change now is applied at its next start.
vm-next-run = Changes wait for the next start.
vm-topology = { $sockets } × { $cores } × { $threads } (sockets × cores × threads)
vm-run-hint = A host is chosen, and the virtual machine starts there.
vm-shutdown-hint = The guest is asked to shut down, by its agent or else by the power button.
vm-power-off-hint = Ends the virtual machine at once, as if the plug were pulled. What the guest has not written is lost.
vm-reboot-hint = The guest is asked to restart.
vm-remove-hint = This cannot be undone.
vm-remove-disks = Remove its disks as well
vm-remove-disks-help = { $disks }. Otherwise they stay, attached to nothing.
vm-no-use = No numbers yet. They come while the virtual machine runs.
vm-no-disks = No disks
vm-no-disks-hint = This virtual machine has none.
vm-no-nics = No network interfaces
vm-no-nics-hint = This virtual machine has none.
vm-no-guest = The guest tells nothing
vm-no-guest-hint = Install the QEMU guest agent in it to see its name, its system and its addresses.
guest-os = Operating system
guest-kernel = Kernel
guest-agent = Guest agent
guest-interfaces = Interfaces as the guest sees them
event-job = Job

# pages: jobs
job-step = Step
job-steps = Steps
job-cancel-hint = The job stops at the next place where it can, and what it did is undone.
field-at-least-one = Enter at least 1.
frame-session-ended = You are signed out, or may see less than before. Nothing you typed is lost yet.

# the steps of jobs
step-volumes = Disks
step-place = Choose a host
step-define = Define
step-launch = Launch
step-settle = Settle
step-ask = Ask the guest
step-destroy = End the process
step-forget = Forget on the host
step-record = Record
