@_spi(Internal) import ApolloAPI
import Foundation

/// An amount in the smallest unit of its currency, from -(2^53-1) to 2^53-1.
///
/// `Int` has 32 bits on Apple Watches, so this type has 64. Never convert an amount to `Double`.
public struct MinorUnits: CustomScalarType, Comparable {
  public let value: Int64

  public init(_ value: Int64) {
    self.value = value
  }

  @_spi(Internal) public init(_jsonValue value: JSONValue) throws {
    if let number = value as? Int64 {
      self.value = number
    } else if let number = value as? Int {
      self.value = Int64(number)
    } else if let number = value as? NSNumber {
      self.value = number.int64Value
    } else {
      throw JSONDecodingError.couldNotConvert(value: value, to: MinorUnits.self)
    }
  }

  @_spi(Internal) public var _jsonValue: JSONValue { value }

  public static func < (one: MinorUnits, other: MinorUnits) -> Bool { one.value < other.value }
}
