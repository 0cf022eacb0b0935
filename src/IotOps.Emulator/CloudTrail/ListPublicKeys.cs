using System.Text.Json;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.CloudTrail;

/// <summary>ListPublicKeys. See https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_ListPublicKeys.html.</summary>
internal sealed class ListPublicKeys(TrailStore store, TimeProvider timeProvider)
{
    public static string[] Members { get; } = ["StartTime", "EndTime", "NextToken"];

    public void Execute(JsonInput input, Utf8JsonWriter output)
    {
        if (input.Text("NextToken") is not null)
        {
            // "Reserved for future use."
            throw new Refusal(400, "InvalidTokenException", "There is no further page of public keys.");
        }

        DateTimeOffset until = input.Time("EndTime") ?? timeProvider.GetUtcNow();
        DateTimeOffset since = input.Time("StartTime") ?? until;
        if (since > until)
        {
            throw new Refusal(400, "InvalidTimeRangeException", "The StartTime is behind the EndTime.");
        }

        output.WriteStartArray("PublicKeyList"u8);
        foreach (TrailKey key in store.Keys().Where(key => key.Since <= until && key.Until >= since))
        {
            output.WriteStartObject();
            output.WriteBase64String("Value"u8, key.Der);
            output.WriteNumber("ValidityStartTime"u8, key.Since.ToUnixTimeMilliseconds() / 1_000.0);
            output.WriteNumber("ValidityEndTime"u8, key.Until.ToUnixTimeMilliseconds() / 1_000.0);
            output.WriteString("Fingerprint"u8, key.Fingerprint);
            output.WriteEndObject();
        }

        output.WriteEndArray();
    }
}
