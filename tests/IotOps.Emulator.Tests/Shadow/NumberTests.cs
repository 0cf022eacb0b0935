using System.Globalization;
using System.Numerics;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using IotOps.Emulator.Shadow;

namespace IotOps.Emulator.Tests.Shadow;

public sealed class NumberTests
{
    private static readonly Config Quick = Config.QuickThrowOnFailure.WithMaxTest(2_000).WithReplay(20_231_001, 1);

    [Theory]
    [InlineData("123456789012345678901234567890", "123456789012345678901234567891", false)]
    [InlineData("0.1234567890123456789012345678901", "0.1234567890123456789012345678902", false)]
    [InlineData("1e400", "2e400", false)]
    [InlineData("1e400", "10e399", true)]
    [InlineData("1.50", "15e-1", true)]
    [InlineData("100", "1E+2", true)]
    [InlineData("-0", "0.000e5", true)]
    [InlineData("-1", "1", false)]
    [InlineData("1e999999999999999999999", "1e999999999999999999998", false)]
    [InlineData("123456789012345678901234567890", "123456789012345678901234567890.000", true)]
    public void Numbers_are_the_same_when_their_digits_are(string one, string other, bool same) => Equal(one, other).ShouldBe(same);

    [Fact]
    public void A_number_is_itself_however_it_is_written_and_no_other() => Check.One(Quick, Prop.ForAll(
        Gen.Choose(0, 9).Select(d => (char)('0' + d)).NonEmptyListOf().Where(d => d.Count < 60).ToArbitrary(),
        Gen.Choose(-400, 400).ToArbitrary(),
        (digits, exponent) =>
        {
            var value = BigInteger.Parse(string.Concat(digits), CultureInfo.InvariantCulture);
            string whole = $"{value}e{exponent}";
            Equal(whole, value.IsZero ? "0" : $"{value}0e{exponent - 1}").ShouldBeTrue();
            Equal(whole, $"{value}.00E{exponent}").ShouldBeTrue();
            Equal(whole, $"{value + 1}e{exponent}").ShouldBeFalse();
            Equal(whole, $"{value}e{exponent + 1}").ShouldBe(value.IsZero);
            Equal(whole, $"-{whole}").ShouldBe(value.IsZero);
        }));

    private static bool Equal(string one, string other)
    {
        using var first = JsonDocument.Parse(one);
        using var second = JsonDocument.Parse(other);
        return JsonValues.Equal(first.RootElement, second.RootElement);
    }
}
