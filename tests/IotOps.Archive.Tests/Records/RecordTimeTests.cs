using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace IotOps.Archive.Tests.Records;

/// <summary>Which day a record's time belongs to: what is meant without a doubt, and nothing else.</summary>
public sealed class RecordTimeTests
{
    private const string Before = "before", During = "during", After = "after";

    [Theory]
    [InlineData("\"2023-10-01T23:59:59.999999999Z\"", During)]
    [InlineData("\"2023-09-30T23:59:59.999999999Z\"", Before)]
    [InlineData("\"2023-10-01T23:59:59.9999Z\"", During)]
    [InlineData("\"2023-10-01T23:59:59,9999Z\"", During)]
    [InlineData("\"2023-10-02T00:00:00.000000001Z\"", After)]
    [InlineData("1696204799.9999999", During)]
    [InlineData("\"1696204799.99999999999999999999999\"", During)]
    [InlineData("1696118399.9999999", Before)]
    public void A_fraction_is_cut_and_never_rounded(string time, string expected) => Place(time).ShouldBe(expected);

    [Theory]
    [InlineData("20231001T000000Z", During)]
    [InlineData("20231001T235959.999Z", During)]
    [InlineData("20231001T1200Z", During)]
    [InlineData("20231001T12Z", During)]
    [InlineData("20231002T013000+0200", During)]
    [InlineData("20231002T0130+02", During)]
    [InlineData("2023-10-01T24:00:00Z", After)]
    [InlineData("2023-09-30T24:00Z", During)]
    [InlineData("2023-10-01T23:59:60Z", During)]
    [InlineData("2023-09-30T23:59:60.5Z", Before)]
    [InlineData("2023-10-02T01:59:60+02:00", During)]
    [InlineData("2023-10-01T12:00:00Z[UTC]", During)]
    [InlineData("2023-10-02T01:00:00+02:00[Europe/Berlin]", During)]
    [InlineData("2023-10-01 12:00:00 UTC", During)]
    [InlineData("2023-10-01 12:00:00 +0000 UTC", During)]
    [InlineData("2023-10-02 01:00:00 +0200", During)]
    [InlineData("2023-10-01t12:00:00z", During)]
    [InlineData("2023-10-01T12:00", During)]
    [InlineData("2023-10-01T12", During)]
    [InlineData("2023-10-01", During)]
    [InlineData("2023-10-02", After)]
    [InlineData("2023-10-01T12:00:00-00:00", During)]
    [InlineData("0001-01-01T00:00:00Z", Before)]
    [InlineData("9999-12-31T23:59:59Z", After)]
    public void Iso_8601_is_read_in_its_forms(string time, string expected) => Place($"\"{time}\"").ShouldBe(expected);

    [Theory]
    [InlineData("1696118400", During)]
    [InlineData("1696118400000", During)]
    [InlineData("1696118400000000", During)]
    [InlineData("1696118400000000000", During)]
    [InlineData("1696204799999999999", During)]
    [InlineData("1696118399999999999", Before)]
    [InlineData("1696204800000000", After)]
    [InlineData("1.6961184e18", During)]
    [InlineData("1.6961184E+15", During)]
    [InlineData("-1", Before)]
    [InlineData("-62135596800000", Before)]
    public void Numbers_are_seconds_to_nanoseconds_by_their_magnitude(string time, string expected)
    {
        Place(time).ShouldBe(expected);
        Place($"\"{time}\"").ShouldBe(expected);
    }

    [Theory]
    [InlineData("10/01/2023 12:00:00")]
    [InlineData("01/10/2023")]
    [InlineData("1/10/23")]
    [InlineData("Oct 1 2023")]
    [InlineData("Sun, 01 Oct 2023 12:00:00 GMT")]
    [InlineData("2023-10-1T12:00:00Z")]
    [InlineData("2023-13-01T12:00:00Z")]
    [InlineData("2023-02-29")]
    [InlineData("2023-10-01T25:00:00Z")]
    [InlineData("2023-10-01T24:00:01Z")]
    [InlineData("2023-10-01T12:60:00Z")]
    [InlineData("2023-10-01T12:00:60Z")]
    [InlineData("2023-10-01T12:00:00.Z")]
    [InlineData("2023-10-01T12:00:00 CET")]
    [InlineData("2023-10-01T12:00:00+24:00")]
    [InlineData("2023-10-01T12:00:00Zx")]
    [InlineData("2023-10-01T1200Z")]
    [InlineData("20231001T12:00Z")]
    [InlineData("12:00:00")]
    [InlineData("20231001")]
    [InlineData("202310011200")]
    [InlineData("20231001120000")]
    [InlineData("0x5f")]
    [InlineData("١٦٩٦١١٨٤٠٠")]
    public void What_could_be_several_times_or_is_none_is_unreadable(string time) => Place($"\"{time}\"").ShouldBe("unreadable");

    [Theory]
    [InlineData("20231001120000")]
    [InlineData("1e300")]
    [InlineData("1e20")]
    [InlineData("NaN")]
    [InlineData("99999999999999999999999")]
    public void A_number_that_is_no_time_is_unreadable(string time) => Place(time).ShouldBe("unreadable");

    [Fact]
    public void Every_time_that_dotnet_writes_is_read_as_its_own_millisecond() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2_000).WithReplay(11, 7),
        Prop.ForAll(
            (from second in Gen.OneOf(Gen.Choose(-100_000, 200_000), Gen.Elements(-1, 0, 86_399, 86_400))
             from fraction in Gen.OneOf(Gen.Choose(0, 9_999_999), Gen.Elements(0, 1, 9_999_999))
             from format in Gen.Elements("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", "yyyyMMdd'T'HHmmss.fffffff'Z'", "yyyy-MM-dd HH:mm:ss.fffffff", "yyyy-MM-dd'T'HH:mm:ss.fffffff'+00:00'")
             select (Time: new DateTime(2023, 10, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(second).AddTicks(fraction), format)).ToArbitrary(),
            input =>
            {
                string day = input.Time.Date == new DateTime(2023, 10, 1) ? During : input.Time < new DateTime(2023, 10, 1) ? Before : After;
                return Place($"\"{input.Time.ToString(input.format, CultureInfo.InvariantCulture)}\"") == day;
            }));

    // Told by three days' filters that differ in nothing but the day.
    private static string Place(string time)
    {
        string record = $"{{\"timestamp\":{time}}}\n";
        (string kept, var counts) = Scan.Run(Scan.Filter(null, "timestamp"), record);
        if (counts.Unreadable > 0)
        {
            return "unreadable";
        }

        return kept.Length > 0 ? During
            : Scan.Run(Scan.Filter(null, "timestamp", fromMs: long.MinValue, toMs: 1_696_118_400_000), record).Counts.Written == 1 ? Before
            : After;
    }
}
