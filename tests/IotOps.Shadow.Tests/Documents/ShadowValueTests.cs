using System.Text.Json;

namespace IotOps.Shadow.Tests.Documents;

public sealed class ShadowValueTests
{
    [Theory]
    [InlineData("21", "21.0", true)]
    [InlineData("1e2", "100", true)]
    [InlineData("-0", "0", true)]
    [InlineData("9007199254740993", "9007199254740992", false)]
    [InlineData("0.1", "0.10", true)]
    [InlineData("123456789012345678901234567890", "123456789012345678901234567891", false)]
    [InlineData("123456789012345678901234567890", "1.2345678901234567890123456789e29", true)]
    [InlineData("123456789012345678901234567890", "12345678901234567890123456789.0E+1", true)]
    [InlineData("0.12345678901234567890123456789012345", "0.12345678901234567890123456789012346", false)]
    [InlineData("-2897572588.9731600000E+8", "-28975725889731.60E+4", true)]
    [InlineData("1e400", "1e401", false)]
    [InlineData("1e400", "10e399", true)]
    [InlineData("1e-400", "0", false)]
    [InlineData("-0.00e5", "0", true)]
    [InlineData("-123456789012345678901234567890", "123456789012345678901234567890", false)]
    [InlineData("1e99999999999999999999", "1e99999999999999999998", false)]
    [InlineData("0e99999999999999999999", "0", true)]
    [InlineData("\"a\"", "\"\\u0061\"", true)]
    [InlineData("{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1.0}", true)]
    [InlineData("[1,2]", "[2,1]", false)]
    [InlineData("null", "false", false)]
    public void Values_are_equal_as_the_service_compares(string a, string b, bool equal)
    {
        ShadowValue.Parse(a).Equals(ShadowValue.Parse(b)).ShouldBe(equal);
        if (equal)
        {
            ShadowValue.Parse(a).GetHashCode().ShouldBe(ShadowValue.Parse(b).GetHashCode());
        }
    }

    [Theory]
    [InlineData("""{"a":[1,2.50,"x"],"b":{"c":null},"d":true,"e":1E+30,"f":123456789012345678901234567890}""")]
    [InlineData("""{}""")]
    [InlineData("\"é😀\\n\"")]
    public void What_was_read_is_written_the_same(string json) => ShadowValue.Parse(ShadowValue.Parse(json).ToString()).ToString().ShouldBe(ShadowValue.Parse(json).ToString());

    [Fact]
    public void Numbers_keep_their_digits() => ShadowValue.Parse("""{"f":123456789012345678901234567890,"g":2.50}""").ToString()
        .ShouldBe("""{"f":123456789012345678901234567890,"g":2.50}""");

    [Theory]
    [InlineData("""{"a":[1,2.5,"x\""],"bb":{"c":null},"d":true,"é":-12}""")]
    [InlineData("[]")]
    public void Its_length_is_known_without_writing_it(string json) => ShadowValue.Parse(json).ByteLength.ShouldBe(ShadowValue.Parse(json).ToUtf8Bytes().Length);

    [Theory]
    [InlineData("1", 0)]
    [InlineData("{}", 0)]
    [InlineData("""{"a":1}""", 1)]
    [InlineData("""{"a":{"b":1},"c":2}""", 2)]
    [InlineData("""{"a":[{"b":1}]}""", 2)]
    public void Depth_counts_names(string json, int depth) => ShadowValue.Parse(json).Depth.ShouldBe(depth);

    [Theory]
    [InlineData("wifi/rssi", "-60")]
    [InlineData("/wifi/rssi", "-60")]
    [InlineData("modes/1", "\"eco\"")]
    [InlineData("a~1b", "1")]
    [InlineData("t~0", "2")]
    [InlineData("nothing", null)]
    [InlineData("wifi/rssi/deeper", null)]
    [InlineData("modes/2", null)]
    public void A_path_finds_what_is_there(string path, string? expected)
    {
        ShadowValue value = ShadowValue.Parse("""{"wifi":{"rssi":-60},"modes":["off","eco"],"a/b":1,"t~":2}""");
        value.TryGet(path, out ShadowValue? found).ShouldBe(expected is not null);
        found?.ToString().ShouldBe(expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("\"\\ud800\"")]
    [InlineData("NaN")]
    public void What_is_not_JSON_is_refused(string json) => Should.Throw<JsonException>(() => ShadowValue.Parse(json));

    [Fact]
    public void The_last_of_two_equal_names_counts() => ShadowValue.Parse("""{"b":0,"a":1,"a":2}""").ToString().ShouldBe("""{"a":2,"b":0}""");

    [Fact]
    public void Reading_it_as_what_it_is_not_says_what_it_is() =>
        Should.Throw<InvalidOperationException>(() => ((ShadowValue)"x").GetDouble()).Message.ShouldBe("The value is String, not a number.");

    [Fact]
    public void Infinity_is_no_number_of_JSON() => Should.Throw<ArgumentOutOfRangeException>(() => ShadowValue.FromDouble(double.PositiveInfinity));
}
