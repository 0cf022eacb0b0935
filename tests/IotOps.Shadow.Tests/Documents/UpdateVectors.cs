using IotOps.Shadow.Documents;

namespace IotOps.Shadow.Tests.Documents;

/// <summary>The vectors of Vectors/updates.jsonl against the merge of the cache.</summary>
public sealed class UpdateVectors
{
    // Vector 16 is written for a limit of 6; the option's default is 8.
    private const int VectorDepth = 6;

    public static TheoryData<string> Updates => [.. Lines.Where(static line => !line.Contains("merge3"))];

    public static TheoryData<string> Merges => [.. Lines.Where(static line => line.Contains("merge3"))];

    private static string[] Lines => File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Vectors", "updates.jsonl"));

    [Theory]
    [MemberData(nameof(Updates))]
    public void An_update_makes_the_document_and_the_delta_of_the_vector(string line)
    {
        ShadowValue vector = ShadowValue.Parse(line);
        ShadowValue before = vector["doc"]!["state"]!;
        ShadowValue update = vector["update"]!["state"]!;
        ShadowValue expect = vector["expect"]!;
        ShadowValue after = update.IsObject ? ShadowMerge.Apply(before, update) ?? ShadowValue.EmptyObject : ShadowValue.EmptyObject;
        if (expect["code"] is not null)
        {
            bool isRefused = after.HasNullInArray || after.Values.Any(static section => section.Depth > VectorDepth);
            isRefused.ShouldBeTrue();
            return;
        }

        after.ShouldBe(expect["state"]);
        ShadowMerge.Delta(after["desired"], after["reported"]).ShouldBe(expect["delta"]);
    }

    [Theory]
    [MemberData(nameof(Merges))]
    public void A_partition_is_merged_per_field_as_in_the_vector(string line)
    {
        ShadowValue vector = ShadowValue.Parse(line);
        ShadowConflictResolver resolver = vector["owner"]!.GetString() == "cloud" ? ShadowConflicts.CloudWins : ShadowConflicts.DeviceWins;
        ShadowValue cloud = Wrap(vector["cloud"]!);
        ShadowValue merged = new ThreeWayMerge(ShadowId.Classic, resolver, resolver).State(Wrap(vector["base"]!), Wrap(vector["local"]!), cloud);

        if (vector["expect"] is { } expected)
        {
            merged["reported"].ShouldBe(expected);
        }
        else
        {
            // The local owner's patch onto the cloud: what differs from it, less what the cloud has already.
            ShadowValue patch = ShadowMerge.Diff(cloud, merged)!["reported"]!;
            ShadowMerge.Apply(vector["cloud"], patch).ShouldBe(ShadowMerge.Apply(vector["cloud"], vector["expect_patch"]));
        }
    }

    private static ShadowValue Wrap(ShadowValue section) =>
        section.IsObject ? ShadowValue.FromMembers([new("reported", section)]) : ShadowValue.EmptyObject;
}
