# The boot sector of the guest that probes KVM. It goes the way of every stock system: real mode, protected
# mode, paging, long mode, and takes an interrupt in both kinds of protected mode. If all of that works it
# turns the power off. On hosts that cannot run stock systems it hangs, stops or resets on the way.
#
# `build.sh` makes boot.bin of it, which is checked in, because Rust's toolchain brings no assembler.

        .code16
        .globl  _start
_start: cli
        cld
        xorw    %ax, %ax
        movw    %ax, %ds
        movw    %ax, %es
        movw    %ax, %ss
        movw    $0x7c00, %sp
        lgdt    gdt_at
        movl    %cr0, %eax
        orb     $1, %al
        movl    %eax, %cr0
        ljmp    $0x08, $protected

        .code32
protected:
        movw    $0x10, %ax
        movw    %ax, %ds
        movw    %ax, %es
        movw    %ax, %ss
        movl    $0x7c00, %esp
        # A gate for interrupt 0x20 in a table at 0x1000, and the tables of pages at 0x10000 to 0x12fff.
        movl    $0x1000, %edi
        movl    $0x400, %ecx
        xorl    %eax, %eax
        rep stosl
        movl    $0x10000, %edi
        movl    $0xc00, %ecx
        rep stosl
        movl    $0x00080000 + handler32, 0x1100
        movl    $0x00008e00, 0x1104
        lidt    idt_at
        int     $0x20

        # The first 2 MiB, each address to itself.
        movl    $0x11003, 0x10000
        movl    $0x12003, 0x11000
        movl    $0x00083, 0x12000
        movl    $0x10000, %eax
        movl    %eax, %cr3
        movl    %cr4, %eax
        orb     $0x20, %al
        movl    %eax, %cr4
        movl    $0xc0000080, %ecx
        rdmsr
        orl     $0x100, %eax
        wrmsr
        movl    %cr0, %eax
        orl     $0x80000000, %eax
        movl    %eax, %cr0
        ljmp    $0x18, $long

handler32:
        pushal
        popal
        iretl

        .code64
long:   movl    $0x10, %eax
        movl    %eax, %ss
        movl    $0x7c00, %esp
        # A gate of long mode is twice as long: interrupt 0x20 is at 0x1200.
        movl    $0x00180000 + handler64, 0x1200
        movl    $0x00008e00, 0x1204
        int     $0x20
        # Soft off: SLP_EN in PM1a_CNT, where the firmware of a q35 machine puts it.
        movw    $0x604, %dx
        movw    $0x2000, %ax
        outw    %ax, %dx
stop:   hlt
        jmp     stop

handler64:
        pushq   %rax
        popq    %rax
        iretq

        .balign 8
gdt:    .quad   0
        .quad   0x00cf9b000000ffff      # 0x08: code, 32 bit
        .quad   0x00cf93000000ffff      # 0x10: data
        .quad   0x00af9b000000ffff      # 0x18: code, 64 bit
gdt_at: .word   . - gdt - 1
        .long   gdt
idt_at: .word   0xfff
        .long   0x1000

        .org    510
        .byte   0x55, 0xaa
