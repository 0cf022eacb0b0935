using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using IotOps.Fleet.Trail;

namespace IotOps.Fleet.Tests.Trail;

/// <summary>The scanner against System.Text.Json, on records of every shape and on damage of every kind.</summary>
public sealed class ScannerTests
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = RecordScanner.MaxDepth };

    [Fact]
    public void It_takes_what_System_Text_Json_takes_and_finds_the_same_members() =>
        Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue)), seed => Compare(Encoding.UTF8.GetBytes(JsonMaker.Record(new Random(seed)))))
            .Check(Config.QuickThrowOnFailure.WithReplay(20260101, 3).WithMaxTest(2_000));

    [Fact]
    public void It_refuses_what_System_Text_Json_refuses() =>
        Prop.ForAll(
            Arb.From(Gen.Choose(0, int.MaxValue)),
            seed =>
            {
                var random = new Random(seed);
                Compare(JsonMaker.Damage(Encoding.UTF8.GetBytes(JsonMaker.Record(random)), random));
            }).Check(Config.QuickThrowOnFailure.WithReplay(20260101, 5).WithMaxTest(5_000));

    [Fact]
    public void A_record_that_is_cut_off_needs_more_and_is_never_bad() =>
        Prop.ForAll(
            Arb.From(Gen.Choose(0, int.MaxValue)),
            seed =>
            {
                var random = new Random(seed);
                byte[] json = Encoding.UTF8.GetBytes(JsonMaker.Record(random));
                byte[] buffer = new byte[json.Length + RecordScanner.Padding];
                for (int length = 1; length < json.Length; length++)
                {
                    // Whatever lies behind the data, from an earlier file or from nobody, must not matter.
                    random.NextBytes(buffer);
                    json.AsSpan(0, length).CopyTo(buffer);
                    if (random.Next(2) == 0)
                    {
                        json.AsSpan(length).CopyTo(buffer.AsSpan(length));
                    }

                    RecordScanner.Scan(buffer, 0, length, new RecordFields(), out _).ShouldBe(ScanOutcome.NeedsMore, $"cut after {length} of {Encoding.UTF8.GetString(json)}");
                }
            }).Check(Config.QuickThrowOnFailure.WithReplay(20260101, 7).WithMaxTest(200));

    [Theory]
    [InlineData(RecordScanner.MaxDepth, ScanOutcome.Whole)]
    [InlineData(RecordScanner.MaxDepth + 1, ScanOutcome.Bad)]
    [InlineData(100_000, ScanOutcome.Bad)]
    public void Nesting_has_a_limit(int depth, object outcome)
    {
        string json = $"{{\"a\":{new string('[', depth - 1)}{new string(']', depth - 1)}}}";

        Scan(Encoding.UTF8.GetBytes(json), new RecordFields()).ShouldBe((ScanOutcome)outcome);
    }

    [Theory]
    [InlineData("1e999999999999999999999")]
    [InlineData("-0.00000000000000000000000000000000000000000000000000000000000001E-5")]
    [InlineData("123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890")]
    public void Numbers_of_any_size_are_numbers(string number)
    {
        CloudTrailRecord record = CloudTrailRecord.Parse(Encoding.UTF8.GetBytes($$"""{"eventID":"a","readOnly":{{number}},"insightDetails":{"insightContext":{"statistics":{"baseline":{"average":{{number}} } } } } }"""));

        record.ReadOnly.ShouldBeNull();
        record.EventId.ShouldBe("a");
        record.Insight.ShouldNotBeNull();
    }

    private static void Compare(byte[] json)
    {
        var fields = new RecordFields();
        ScanOutcome outcome = Scan(json, fields);
        JsonElement expected;
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, Strict);
            expected = document.RootElement.Clone();
        }
        catch (JsonException)
        {
            outcome.ShouldNotBe(ScanOutcome.Whole, Encoding.UTF8.GetString(json));
            return;
        }

        if (expected.ValueKind != JsonValueKind.Object || json[0] != '{')
        {
            return;
        }

        outcome.ShouldBe(ScanOutcome.Whole, Encoding.UTF8.GetString(json));
        foreach (RecordField field in Enum.GetValues<RecordField>())
        {
            JsonElement value = Members.Object(expected, Encoding.UTF8.GetBytes(RecordFields.Names[(int)field]));
            ReadOnlySpan<byte> raw = value.ValueKind == JsonValueKind.Undefined ? default : JsonMarshal.GetRawUtf8Value(value);
            json.AsSpan()[fields[field]].SequenceEqual(raw).ShouldBeTrue($"{field} of {Encoding.UTF8.GetString(json)}");
        }
    }

    // Trailing white space belongs to no record, but to a document.
    private static ScanOutcome Scan(byte[] json, RecordFields fields)
    {
        int length = json.AsSpan().TrimEnd(" \t\r\n"u8).Length;
        byte[] buffer = new byte[json.Length + RecordScanner.Padding];
        json.CopyTo(buffer, 0);
        if (json is not [(byte)'{', ..])
        {
            return ScanOutcome.Bad;
        }

        ScanOutcome outcome = RecordScanner.Scan(buffer, 0, json.Length, fields, out int at);
        return outcome == ScanOutcome.Whole && at != length ? ScanOutcome.Bad : outcome;
    }
}
