using System.Text;
using System.Text.Json.Nodes;
using IotOps.Emulator.Http;
using IotOps.Emulator.Shadow;

namespace IotOps.Emulator.Tests.Shadow;

public sealed class VectorTests
{
    private static readonly EmulatedShadowOptions Options = new();

    public static TheoryData<int> Ids => [.. Vectors().Select(v => (int)v["id"]!)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void An_update_has_the_effect_that_its_vector_expects(int id)
    {
        JsonNode vector = Vectors().Single(v => (int)v["id"]! == id);
        JsonNode expected = vector["expect"]!;
        ShadowDocument document = Document(vector["doc"]!);
        byte[] update = Encoding.UTF8.GetBytes(vector["update"]!.ToJsonString());
        if (expected["code"] is { } code)
        {
            Should.Throw<Refusal>(() => document.Apply(ShadowUpdate.Parse(update, Options), 0, Options)).Status.ShouldBe((int)code);
            return;
        }

        ShadowDocument after = document.Apply(ShadowUpdate.Parse(update, Options), 0, Options);

        JsonNode seen = JsonNode.Parse(ShadowMessages.Document(after, 0, clientToken: null))!;
        JsonObject state = seen["state"]!.AsObject();
        JsonNode? delta = state["delta"];
        state.Remove("delta");
        JsonNode.DeepEquals(state, expected["state"]).ShouldBeTrue(state.ToJsonString());
        JsonNode.DeepEquals(delta, expected["delta"]).ShouldBeTrue(delta?.ToJsonString() ?? "no delta");
        after.Version.ShouldBe((long)expected["version"]!);
    }

    private static IEnumerable<JsonNode> Vectors() =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Shadow", "Vectors", "updates.jsonl"))
            .Where(line => line.Length > 0)
            .Select(line => JsonNode.Parse(line)!)
            .Where(v => v["kind"] is null);

    // Built by one update, and then given its version.
    private static ShadowDocument Document(JsonNode doc)
    {
        byte[] update = Encoding.UTF8.GetBytes($$"""{"state":{{doc["state"]!.ToJsonString()}}}""");
        return ShadowDocument.None.Apply(ShadowUpdate.Parse(update, Options), 0, Options) with { Version = (long)doc["version"]! };
    }
}
