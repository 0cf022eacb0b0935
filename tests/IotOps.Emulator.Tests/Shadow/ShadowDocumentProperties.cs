using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using IotOps.Emulator.Shadow;

namespace IotOps.Emulator.Tests.Shadow;

public sealed class ShadowDocumentProperties
{
    private static readonly Config Quick = Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(20_231_001, 1);
    private static readonly EmulatedShadowOptions Options = new() { MaxDocumentBytes = int.MaxValue };

    // Few names, so that updates meet each other.
    private static readonly Gen<string> Names = Gen.Elements("a", "b", "timestamp");

    private static readonly Gen<string?> Scalars = Gen.Elements<string?>("null", "1", "1.0", "2", "\"x\"", "true", "[1,{\"a\":2}]", "[]");

    private static readonly Gen<string> Updates =
        from desired in Objects(3)
        from reported in Objects(3)
        from shape in Gen.Choose(0, 4)
        select shape switch
        {
            0 => $$$"""{"state":{"desired":{{{desired}}}}}""",
            1 => $$$"""{"state":{"reported":{{{reported}}}}}""",
            2 => $$$"""{"state":{"desired":null,"reported":{{{reported}}}}}""",
            _ => $$$"""{"state":{"desired":{{{desired}}},"reported":{{{reported}}}}}""",
        };

    [Fact]
    public void A_device_that_reports_its_delta_has_none_left() =>
        Check.One(Quick, Prop.ForAll(Updates.ListOf().ToArbitrary(), updates =>
        {
            ShadowDocument document = updates.Aggregate(ShadowDocument.None, Apply);
            if (document.Delta is { } delta)
            {
                document = Apply(document, $$$"""{"state":{"reported":{{{State(delta)}}}}}""");
            }

            document.Delta.ShouldBeNull();
        }));

    [Fact]
    public void Every_update_counts_and_a_second_one_of_the_same_changes_nothing_else() =>
        Check.One(Quick, Prop.ForAll(Updates.ListOf().ToArbitrary(), Updates.ToArbitrary(), (updates, last) =>
        {
            ShadowDocument once = Apply(updates.Aggregate(ShadowDocument.None, Apply), last);
            ShadowDocument twice = Apply(once, last);
            once.Version.ShouldBe(updates.Count + 1);
            twice.Version.ShouldBe(updates.Count + 2);
            Text(twice with { Version = 0 }).ShouldBe(Text(once with { Version = 0 }));
        }));

    [Fact]
    public void Metadata_has_the_shape_of_the_state() =>
        Check.One(Quick, Prop.ForAll(Updates.ListOf().ToArbitrary(), updates =>
        {
            JsonNode document = JsonNode.Parse(Text(updates.Aggregate(ShadowDocument.None, Apply)))!;
            JsonObject state = document["state"]!.AsObject();
            state.Remove("delta");
            JsonNode.DeepEquals(Stamped(state), document["metadata"]).ShouldBeTrue(document.ToJsonString());
        }));

    [Fact]
    public void Sections_do_not_touch_each_other() =>
        Check.One(Quick, Prop.ForAll(Updates.ListOf().ToArbitrary(), Objects(3).ToArbitrary(), (updates, desired) =>
        {
            ShadowDocument before = updates.Aggregate(ShadowDocument.None, Apply);
            ShadowDocument after = Apply(before, $$$"""{"state":{"desired":{{{desired}}}}}""");
            after.Reported.ShouldBeSameAs(before.Reported);
        }));

    private static Gen<string> Objects(int depth) =>
        from members in
            (from name in Names
             from value in depth == 0 ? Scalars.Select(s => s!) : Gen.Frequency((3, Scalars.Select(s => s!)), (1, Objects(depth - 1)))
             select (name, value)).ListOf()
        select $"{{{string.Join(',', members.DistinctBy(m => m.name, StringComparer.Ordinal).Select(m => $"\"{m.name}\":{m.value}"))}}}";

    private static ShadowDocument Apply(ShadowDocument document, string update) =>
        document.Apply(ShadowUpdate.Parse(Encoding.UTF8.GetBytes(update), Options), 7, Options);

    private static string Text(ShadowDocument document) => Encoding.UTF8.GetString(ShadowMessages.Document(document, 7, clientToken: null));

    private static string State(ShadowNode node)
    {
        using var target = new MemoryStream();
        using (var json = new System.Text.Json.Utf8JsonWriter(target))
        {
            node.WriteState(json);
        }

        return Encoding.UTF8.GetString(target.ToArray());
    }

    private static JsonNode Stamped(JsonNode? node) => node switch
    {
        JsonObject o => new JsonObject(o.Select(m => KeyValuePair.Create<string, JsonNode?>(m.Key, Stamped(m.Value)))),
        JsonArray a => new JsonArray([.. a.Select(Stamped)]),
        _ => new JsonObject { ["timestamp"] = 7 },
    };
}
