using System.Text.Json;

namespace IotOps.Fleet.Tests.Trail;

public sealed class RecordVectorTests
{
    private const string File = "cloudtrail/events.jsonl";

    public static TheoryData<string> Ids => Vectors.Ids(File);

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Each_record_gives_what_the_vector_names(string id)
    {
        JsonElement one = Vectors.Case(File, id);
        JsonElement expect = one.GetProperty("expect");
        string json = one.GetProperty("event").GetRawText();
        (CloudTrailReader reader, List<CloudTrailRecord> records) = await Records.ReadAsync(Records.Gzip(Records.File(json)));
        if (expect.TryGetProperty("refuse", out JsonElement refusal))
        {
            records.ShouldBeEmpty();
            reader.Problems.ShouldHaveSingleItem().Kind.ShouldBe(CloudTrailProblemKind.UnknownVersion);
            reader.Problems[0].Message.ShouldContain(refusal.GetString()!);
            Should.Throw<FormatException>(() => CloudTrailRecord.Parse(System.Text.Encoding.UTF8.GetBytes(json)));
            return;
        }

        reader.Problems.ShouldBeEmpty();
        CloudTrailRecord record = records.ShouldHaveSingleItem();
        Records.Text(record.Json).ShouldBe(json);
        foreach (JsonProperty member in expect.EnumerateObject())
        {
            Check(record, member.Name, member.Value);
        }
    }

    private static void Check(CloudTrailRecord record, string name, JsonElement expected)
    {
        switch (name)
        {
            case "category":
                record.EventCategory.ShouldBe(expected.GetString());
                break;
            case "type":
                record.EventType.ShouldBe(expected.GetString());
                break;
            case "write":
                record.IsWrite.ShouldBe(expected.GetBoolean());
                break;
            case "actor":
                record.Actor.ShouldBe(expected.GetString());
                break;
            case "error":
                record.Error.ShouldBe(expected.GetString());
                break;
            case "signIn":
                record.SignIn.ShouldBe(expected.GetString());
                record.Kind.ShouldBe(CloudTrailEventKind.SignIn);
                break;
            case "fromConsole":
                record.IsFromConsole.ShouldBe(expected.GetBoolean());
                break;
            case "vpcEndpointId":
                record.VpcEndpointId.ShouldBe(expected.GetString());
                record.Kind.ShouldBe(CloudTrailEventKind.NetworkActivity);
                break;
            case "resources":
                record.Resources.Select(resource => resource.Type).ShouldBe(expected.EnumerateArray().Select(type => type.GetString()));
                break;
            case "addendum":
                record.Addendum!.Reason.ShouldBe(expected.GetProperty("reason").GetString());
                record.Addendum.OriginalEventId.ShouldBe(expected.TryGetProperty("originalEventID", out JsonElement original) ? original.GetString() : null);
                break;
            case "insight":
                record.Insight.ShouldBe(new CloudTrailInsight(
                    expected.GetProperty("state").GetString(),
                    expected.GetProperty("type").GetString(),
                    expected.GetProperty("source").GetString(),
                    expected.GetProperty("name").GetString(),
                    ErrorCode: null,
                    expected.GetProperty("baseline").GetDouble(),
                    expected.GetProperty("value").GetDouble()));
                break;
            case "pairedBy":
                record.SharedEventId.ShouldNotBeNull();
                break;
            case "greengrass":
                CheckGreengrass(GreengrassActivity.Of(record)!, expected);
                break;
            case "duplicateOf":
                record.EventId.ShouldBe(expected.GetString());
                break;
            case "note":
                break;
            default:
                throw new InvalidOperationException($"The vector names '{name}', which no test checks.");
        }
    }

    private static void CheckGreengrass(GreengrassActivity activity, JsonElement expected)
    {
        foreach (JsonProperty member in expected.EnumerateObject())
        {
            switch (member.Name)
            {
                case "target":
                    activity.Target.ShouldBe(member.Value.GetString());
                    break;
                case "components":
                    activity.Components.ToDictionary(c => c.Name, c => c.Version!, StringComparer.Ordinal)
                        .ShouldBe(member.Value.EnumerateObject().ToDictionary(c => c.Name, c => c.Value.GetString()!, StringComparer.Ordinal));
                    break;
                case "deployment":
                    activity.Deployment.ShouldBe(member.Value.GetString());
                    break;
                case "coreDevice":
                    activity.CoreDevice.ShouldBe(member.Value.GetString());
                    break;
                default:
                    throw new InvalidOperationException($"The vector names '{member.Name}', which no test checks.");
            }
        }
    }
}
