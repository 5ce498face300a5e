#pragma once
// A protocol's message types are small structs of its own; on the wire each is one 64-bit word.
#include <array>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>
#include <utility>

namespace indoubt {

/// Position of a type, timer or record in its protocol's list.
using Tag = std::uint8_t;

/// A message on the wire: the low byte says which of the protocol's message types, seven bytes of
/// fields follow. One word, so that copying it never stalls on a half-written struct.
struct Message {
  std::uint64_t word = 0;
  constexpr Tag type() const { return static_cast<Tag>(word); }
  auto operator<=>(const Message&) const = default;
};

/// Messages are counted by type and the two low bits of their first field, which tell YES from NO
/// and COMMIT from ABORT.
inline constexpr std::size_t kVariants = 4;
constexpr std::size_t variant_of(Message m) {
  return m.type() * kVariants + (m.word >> 8 & (kVariants - 1));
}
/// A message of that variant, to ask for its name.
constexpr Message message_of_variant(std::size_t variant) {
  return {(variant % kVariants) << 8 | variant / kVariants};
}

/// A message type: at most seven bytes without padding, and a textbook name, which may depend on
/// the contents ("COMMIT" or "ABORT" for a decision).
template <class M>
concept MessageType = std::regular<M> && std::is_trivially_copyable_v<M> && sizeof(M) <= 7 &&
                      (std::is_empty_v<M> || sizeof(M) == 1 ||
                       std::has_unique_object_representations_v<M>)&&requires(const M& m) {
  { m.name() } -> std::same_as<std::string_view>;
};

/// A protocol's message types; the position in the list is the type tag on the wire.
template <MessageType... M>
struct Messages {
  static constexpr int size = sizeof...(M);
};

/// How many variants messages of type M have: one without fields, two if the first field is a bool,
/// which holds nothing but 0 and 1.
template <MessageType M>
constexpr std::size_t variants_of_type() {
  constexpr bool from_bool = requires { M{std::declval<bool>()}; };
  constexpr bool from_byte = requires { M{std::declval<std::uint8_t>()}; };
  return std::is_empty_v<M> ? 1 : from_bool && !from_byte ? 2 : kVariants;
}

/// A message of each variant that a protocol's types have, by type; other fields are zero.
template <MessageType... M>
constexpr auto variants_of_types(Messages<M...>) {
  std::array<Message, (std::size_t{0} + ... + variants_of_type<M>())> all{};
  std::size_t next = 0, type = 0;
  const auto add = [&](std::size_t variants) {
    for (std::size_t v = 0; v < variants; ++v)
      all[next++] = message_of_variant(type * kVariants + v);
    ++type;
  };
  (add(variants_of_type<M>()), ...);
  return all;
}

template <class M, class First, class... Rest>
constexpr Tag index_of(Messages<First, Rest...>) {
  if constexpr (std::is_same_v<M, First>)
    return 0;
  else
    return static_cast<Tag>(1 + index_of<M>(Messages<Rest...>{}));
}

template <class List, class M>
Message encode(const M& m) {
  std::uint64_t fields = 0;
  if constexpr (!std::is_empty_v<M>) std::memcpy(&fields, &m, sizeof(M));
  return {fields << 8 | index_of<M>(List{})};
}

template <class M>
M decode(Message wire) {
  M m{};
  if constexpr (!std::is_empty_v<M>) {
    const std::uint64_t fields = wire.word >> 8;
    std::memcpy(static_cast<void*>(&m), &fields, sizeof(M));
  }
  return m;
}

}  // namespace indoubt
