using System.Text.Json;
using IotOps.Defender.Rules;

namespace IotOps.Defender;

/// <summary>The behaviors a device is held to. See https://docs.aws.amazon.com/iot/latest/apireference/API_CreateSecurityProfile.html.</summary>
public sealed record SecurityProfile
{
    /// <summary>1-128 of <c>a-z A-Z 0-9 : _ -</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The behaviors, their names unique.</summary>
    public required IReadOnlyList<Behavior> Behaviors { get; init; }

    /// <summary>
    /// Reads <c>securityProfileName</c> and <c>behaviors</c> of what <c>aws iot describe-security-profile</c> prints; its other members (dates,
    /// alert targets, retained metrics) are skipped.
    /// </summary>
    /// <param name="utf8Json">The profile.</param>
    /// <param name="scope">Whether its behaviors may be about metrics that the cloud measures.</param>
    /// <exception cref="FormatException">It is not a profile that can be evaluated; the message names the behavior, the member and the rule.</exception>
    public static SecurityProfile Parse(ReadOnlyMemory<byte> utf8Json, MetricScope scope = MetricScope.Device)
    {
        using JsonDocument document = BehaviorJson.Document(utf8Json);
        JsonElement root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("behaviors", out JsonElement behaviors) || behaviors.ValueKind != JsonValueKind.Array)
        {
            throw new FormatException("A security profile is an object with a list 'behaviors'.");
        }

        List<Behavior> read = [];
        foreach (JsonElement behavior in behaviors.EnumerateArray())
        {
            read.Add(BehaviorReader.Read(behavior, $"behaviors[{read.Count}]", scope));
        }

        return new SecurityProfile
        {
            Name = root.TryGetProperty("securityProfileName", out JsonElement name) && name.ValueKind == JsonValueKind.String
                ? name.GetString()!
                : throw new FormatException("A security profile has a 'securityProfileName'."),
            Behaviors = read,
        };
    }
}
