#pragma once
// The typed options of a protocol, described once: the scenario loader, its errors, the generated
// documentation and the schema all read this table.
#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <type_traits>

namespace indoubt {

/// One option of a protocol: a choice by name, or a whole number in [least, most].
struct OptionField {
  std::string_view name;
  std::string_view doc;                       ///< one sentence, ends with a full stop
  std::span<const std::string_view> choices;  ///< empty: a whole number
  int least = 0, most = 0;                    ///< number: the allowed range
  int standard = 0;                           ///< index of the default choice, or default number
  /// Stores `value` (index of a choice, or the number) in the protocol's Options object.
  void (*set)(void* options, int value) = nullptr;
};

namespace detail {
template <class Options, auto kMember>
void set_option(void* options, int value) {
  auto& field = static_cast<Options*>(options)->*kMember;
  field = static_cast<std::remove_reference_t<decltype(field)>>(value);
}
template <class Options, auto kMember>
constexpr int standard_of() {
  return static_cast<int>(Options{}.*kMember);
}
}  // namespace detail

/// An option that is one of `choices`; enumerators count from 0 in the order of the names. The
/// default is what a default-constructed Options object holds.
template <class Options, auto kMember>
constexpr OptionField choice(std::string_view name, std::string_view doc,
                             std::span<const std::string_view> choices) {
  return {name,
          doc,
          choices,
          0,
          0,
          detail::standard_of<Options, kMember>(),
          &detail::set_option<Options, kMember>};
}

/// An option that is a whole number in [least, most].
template <class Options, auto kMember>
constexpr OptionField number(std::string_view name, std::string_view doc, int least, int most) {
  return {name,
          doc,
          {},
          least,
          most,
          detail::standard_of<Options, kMember>(),
          &detail::set_option<Options, kMember>};
}

inline constexpr std::string_view kNoYes[] = {"no", "yes"};

/// Two tables of fields as one.
template <std::size_t kFirst, std::size_t kSecond>
constexpr std::array<OptionField, kFirst + kSecond> joined(
    const std::array<OptionField, kFirst>& first, const std::array<OptionField, kSecond>& second) {
  std::array<OptionField, kFirst + kSecond> all{};
  for (std::size_t i = 0; i < kFirst; ++i) all[i] = first[i];
  for (std::size_t i = 0; i < kSecond; ++i) all[kFirst + i] = second[i];
  return all;
}

}  // namespace indoubt
