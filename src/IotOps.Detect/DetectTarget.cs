using System.Text.Json;

namespace IotOps.Detect;

/// <summary>What a security profile is attached to. See https://docs.aws.amazon.com/iot/latest/apireference/API_AttachSecurityProfile.html.</summary>
public sealed record DetectTarget
{
    private DetectTarget(DetectTargetKind kind, string? name) => (Kind, Name) = (kind, name);

    /// <summary>Every thing of the registry.</summary>
    public static DetectTarget RegisteredThings { get; } = new(DetectTargetKind.RegisteredThings, null);

    /// <summary>Every client without a thing.</summary>
    public static DetectTarget UnregisteredThings { get; } = new(DetectTargetKind.UnregisteredThings, null);

    /// <summary>Every thing and every other client.</summary>
    public static DetectTarget AllThings { get; } = new(DetectTargetKind.AllThings, null);

    /// <summary>Which kind it is.</summary>
    public DetectTargetKind Kind { get; }

    /// <summary>The group, or the thing; null for the others.</summary>
    public string? Name { get; }

    /// <summary>The things of a group, static or dynamic.</summary>
    public static DetectTarget Group(string name) => new(DetectTargetKind.Group, Checked(name));

    /// <summary>One thing.</summary>
    public static DetectTarget Thing(string name) => new(DetectTargetKind.Thing, Checked(name));

    /// <summary>Reads an ARN such as <c>arn:aws:iot:eu-west-1:123456789012:thinggroup/Gateways</c> or <c>...:all/registered-things</c>.</summary>
    /// <exception cref="FormatException">It names no target.</exception>
    public static DetectTarget Parse(string arn)
    {
        ArgumentNullException.ThrowIfNull(arn);
        string[] parts = arn.Split(':', 6);
        string resource = parts is ["arn", _, "iot", _, _, _] ? parts[5] : "";
        return resource switch
        {
            "all/registered-things" => RegisteredThings,
            "all/unregistered-things" => UnregisteredThings,
            "all/things" => AllThings,
            _ when resource.StartsWith("thinggroup/", StringComparison.Ordinal) && IsName(resource[11..]) => Group(resource[11..]),
            _ when resource.StartsWith("thing/", StringComparison.Ordinal) && IsName(resource[6..]) => Thing(resource[6..]),
            _ => throw new FormatException(
                $"'{arn}' is not a target of a security profile: those are arn:aws:iot:REGION:ACCOUNT: and then all/registered-things, all/unregistered-things, all/things, thinggroup/NAME or thing/NAME."),
        };
    }

    /// <summary>Reads what <c>aws iot list-targets-for-security-profile</c> prints.</summary>
    /// <exception cref="FormatException">It is something else, or one of the ARNs names no target.</exception>
    public static IReadOnlyList<DetectTarget> ParseList(ReadOnlyMemory<byte> utf8Json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(utf8Json);
            List<DetectTarget> targets = [];
            foreach (JsonElement target in document.RootElement.GetProperty("securityProfileTargets").EnumerateArray())
            {
                targets.Add(Parse(target.GetProperty("arn").GetString() ?? ""));
            }

            return targets;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException("A list of targets is an object with 'securityProfileTargets', a list of objects with an 'arn'.", e);
        }
    }

    private static string Checked(string name) =>
        IsName(name) ? name : throw new ArgumentException($"'{name}' is not the name of a thing or group: 1-128 of a-z A-Z 0-9 : _ -", nameof(name));

    private static bool IsName(string? name) =>
        name is { Length: >= 1 and <= 128 } && name.AsSpan().ContainsAnyExcept(Evaluating.Names.Characters) == false;
}
