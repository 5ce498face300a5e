#pragma once
// exp and log from + - * / alone: the same bits on every machine, where those of libm differ with
// the processor and the library. Within 2 units in the last place over the tested range.

namespace indoubt {

/// e^x; 0 below about -745, infinity above about 709.78, NaN for NaN.
double portable_exp(double x);
/// Natural logarithm; requires x > 0 and finite.
double portable_log(double x);
/// base^exponent = exp(exponent log base); requires base > 0.
double portable_pow(double base, double exponent);

}  // namespace indoubt
