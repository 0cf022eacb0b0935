using System.Globalization;
using System.Numerics;
using FsCheck;
using FsCheck.Fluent;

namespace IotOps.Shadow.Tests.Documents;

/// <summary>Numbers are equal exactly when their digits say so, however long they are and however they are spelled.</summary>
public sealed class NumberProperties
{
    private static readonly Gen<string> Digits =
        from length in Gen.Choose(1, 45)
        from digits in Gen.Elements("0123456789".ToCharArray()).ListOf(length)
        select new string([.. digits]);

    private static readonly Gen<(string Digits, int Power, bool IsNegative)> AnyNumber =
        from digits in Digits
        from power in Gen.Choose(-40, 40)
        from isNegative in Gen.Elements(true, false)
        select (digits, power, isNegative);

    // The same number with its point elsewhere, zeros around it, and the exponent in any form.
    private static Gen<string> Spelled((string Digits, int Power, bool IsNegative) number) =>
        from zerosAfter in Gen.Choose(0, 5)
        from point in Gen.Choose(0, number.Digits.Length + zerosAfter)
        from e in Gen.Elements("e", "E", "e+", "E+")
        select Spell(number.Digits + new string('0', zerosAfter), number.Power - zerosAfter, point, e, number.IsNegative);

    private static readonly Gen<(string One, string Other)> EqualPairs =
        from number in AnyNumber
        from one in Spelled(number)
        from other in Spelled(number)
        select (one, other);

    private static readonly Gen<(string One, string Other, bool AreEqual)> NearPairs =
        from number in AnyNumber
        from at in Gen.Choose(0, number.Digits.Length - 1)
        from digit in Gen.Elements("0123456789".ToCharArray())
        let changed = (Digits: number.Digits[..at] + digit + number.Digits[(at + 1)..], number.Power, number.IsNegative)
        from one in Spelled(number)
        from other in Spelled(changed)
        let areEqual = BigInteger.Parse(number.Digits, CultureInfo.InvariantCulture) == BigInteger.Parse(changed.Digits, CultureInfo.InvariantCulture)
        select (one, other, areEqual);

    [Fact]
    public void Two_spellings_of_one_number_are_equal_and_hash_alike() => Check(EqualPairs, static pair =>
        Parse(pair.One).Equals(Parse(pair.Other)) && Parse(pair.One).GetHashCode() == Parse(pair.Other).GetHashCode());

    [Fact]
    public void Numbers_that_differ_in_one_digit_are_equal_only_when_the_digit_is_the_same() => Check(NearPairs, static pair =>
        Parse(pair.One).Equals(Parse(pair.Other)) == pair.AreEqual && Parse(pair.Other).Equals(Parse(pair.One)) == pair.AreEqual);

    private static ShadowValue Parse(string number) => ShadowValue.Parse(number);

    private static string Spell(string digits, int power, int point, string e, bool isNegative)
    {
        string whole = digits[..point].TrimStart('0');
        string fraction = digits[point..];
        int exponent = power + fraction.Length;
        return (isNegative ? "-" : "") + (whole.Length == 0 ? "0" : whole) + (fraction.Length == 0 ? "" : "." + fraction)
            + (exponent == 0 ? "" : (exponent < 0 ? e[..1] : e) + exponent.ToString(CultureInfo.InvariantCulture));
    }

    private static void Check<T>(Gen<T> gen, Func<T, bool> holds) =>
        Prop.ForAll(gen.ToArbitrary(), holds).Check(Config.QuickThrowOnFailure.WithMaxTest(2000).WithReplay(20261129, 29));
}
