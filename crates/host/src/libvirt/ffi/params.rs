//! libvirt's typed parameters: a name and a value of one of several types.

use std::collections::HashMap;
use std::ffi::{CStr, c_char, c_int, c_uint};

use virt_sys as sys;

/// More than any domain has of anything; a host may say what it likes.
const MANY: u64 = 4096;

/// Typed parameters by name: numbers of every width, and strings.
#[derive(Debug, Default)]
pub struct Params {
    numbers: HashMap<String, u64>,
    strings: HashMap<String, String>,
}

impl Params {
    pub fn number(&self, name: &str) -> Option<u64> {
        self.numbers.get(name).copied()
    }

    pub fn string(&self, name: &str) -> Option<&str> {
        self.strings.get(name).map(String::as_str)
    }

    /// How many there are of what is numbered; none if nothing is said.
    pub fn count(&self, name: &str) -> u64 {
        self.number(name).unwrap_or(0).min(MANY)
    }

    /// The sum over `prefix.0.suffix`, `prefix.1.suffix`, … as many as `prefix.count` says.
    pub fn sum(&self, prefix: &str, suffix: &str) -> u64 {
        (0..self.count(&format!("{prefix}.count")))
            .filter_map(|i| self.number(&format!("{prefix}.{i}.{suffix}")))
            .sum()
    }
}

/// # Safety
/// `params` points to `count` initialised parameters.
pub unsafe fn read_params(params: *const sys::virTypedParameter, count: c_int) -> Params {
    let mut read = Params::default();
    if params.is_null() || count <= 0 {
        return read;
    }
    // SAFETY: the caller's promise.
    for param in unsafe { std::slice::from_raw_parts(params, count as usize) } {
        let name = text(&param.field);
        // SAFETY: `type_` says which member of the union is set.
        let number = unsafe {
            match param.type_ as c_uint {
                sys::VIR_TYPED_PARAM_INT => param.value.i as u64,
                sys::VIR_TYPED_PARAM_UINT => u64::from(param.value.ui),
                sys::VIR_TYPED_PARAM_LLONG => param.value.l as u64,
                sys::VIR_TYPED_PARAM_ULLONG => param.value.ul,
                sys::VIR_TYPED_PARAM_BOOLEAN => param.value.b as u64,
                sys::VIR_TYPED_PARAM_STRING if !param.value.s.is_null() => {
                    let value = CStr::from_ptr(param.value.s).to_string_lossy().into_owned();
                    read.strings.insert(name, value);
                    continue;
                }
                _ => continue,
            }
        };
        read.numbers.insert(name, number);
    }
    read
}

/// The text in a fixed field of C characters.
pub fn text(field: &[c_char]) -> String {
    let bytes: Vec<u8> = field.iter().map(|c| *c as u8).take_while(|b| *b != 0).collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
impl Params {
    pub fn of(numbers: &[(&str, u64)], strings: &[(&str, &str)]) -> Params {
        Params {
            numbers: numbers.iter().map(|(n, v)| ((*n).to_owned(), *v)).collect(),
            strings: strings.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect(),
        }
    }
}
