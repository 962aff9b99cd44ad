//! RFB's password answer (RFC 6143 §7.2.2): the 16-byte challenge encrypted with DES, the key being the first
//! eight bytes of the password. VNC takes each byte's bits in the opposite order from everybody else.
//! It protects nothing by itself; the connection lies between the server and its hosts.

use des::{
    Des,
    cipher::{Block, BlockEncrypt, KeyInit},
};

pub fn response(password: &str, challenge: [u8; 16]) -> [u8; 16] {
    let mut key = [0; 8];
    for (slot, byte) in key.iter_mut().zip(password.bytes()) {
        *slot = byte.reverse_bits();
    }
    let cipher = Des::new(&key.into());
    let mut answer = challenge;
    for half in answer.chunks_exact_mut(8) {
        cipher.encrypt_block(Block::<Des>::from_mut_slice(half));
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(text: &str) -> [u8; 16] {
        let byte = |i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).unwrap();
        std::array::from_fn(byte)
    }

    /// The answer of `openssl enc -des-ecb -K 0e86ceceeef64e26 -nopad`, the key being "password" with the bits
    /// of each byte turned round.
    #[test]
    fn agrees_with_openssl() {
        let answer = response("password", hex("000102030405060708090a0b0c0d0e0f"));
        assert_eq!(answer, hex("b866924125c8eebb9debc1db61c538e2"));
    }

    /// FIPS 46's example, independent of VNC: it guards the cipher itself.
    #[test]
    fn the_cipher_is_des() {
        let cipher = Des::new(&0x1334_5779_9bbc_dff1_u64.to_be_bytes().into());
        let mut block = 0x0123_4567_89ab_cdef_u64.to_be_bytes();
        cipher.encrypt_block(Block::<Des>::from_mut_slice(&mut block));
        assert_eq!(u64::from_be_bytes(block), 0x85e8_1354_0f0a_b405);
    }

    #[test]
    fn only_eight_bytes_count() {
        let challenge = hex("000102030405060708090a0b0c0d0e0f");
        assert_eq!(response("password", challenge), response("passwordand more", challenge));
        assert_ne!(response("passwor", challenge), response("password", challenge));
    }
}
