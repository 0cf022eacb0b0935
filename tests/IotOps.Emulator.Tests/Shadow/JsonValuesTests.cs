using System.Text.Json;
using IotOps.Emulator.Shadow;

namespace IotOps.Emulator.Tests.Shadow;

public sealed class JsonValuesTests
{
    [Theory]
    [InlineData("123456789012345678901234567890", "123456789012345678901234567891", false)]
    [InlineData("123456789012345678901234567890", "1.2345678901234567890123456789e29", true)]
    [InlineData("0.12345678901234567890123456789012345", "0.12345678901234567890123456789012346", false)]
    [InlineData("1e400", "10E+399", true)]
    [InlineData("1e400", "1e401", false)]
    [InlineData("-0.0e5", "0", true)]
    [InlineData("-100", "100", false)]
    [InlineData("1e99999999999999999999", "1e99999999999999999998", false)]
    [InlineData("[1.0,{\"a\":2}]", "[1,{\"a\":2.0}]", true)]
    public void Numbers_are_equal_by_their_digits_however_many(string one, string other, bool areEqual)
    {
        JsonValues.Equal(Parse(one), Parse(other)).ShouldBe(areEqual);
        JsonValues.Equal(Parse(other), Parse(one)).ShouldBe(areEqual);
    }

    private static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement.Clone();
}
