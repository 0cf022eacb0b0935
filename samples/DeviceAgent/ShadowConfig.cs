using IotOps.Samples.Configuration;
using IotOps.Shared;
using IotOps.Shadow;

namespace IotOps.Samples.DeviceAgent;

/// <summary>Which shadows the agent keeps: <c>shadow: { names: ['', 'config'], sync: 'realtime' }</c>.</summary>
internal sealed record ShadowConfig
{
    /// <summary>The shadows.</summary>
    public required IReadOnlyList<ShadowId> Names { get; init; }

    /// <summary>When they are exchanged with the cloud.</summary>
    public required ShadowSync Sync { get; init; }

    /// <summary>Reads the section; null when <c>services.cloud.shadow</c> is false.</summary>
    public static ShadowConfig? Read(ConfigReader shadow, bool wanted)
    {
        List<ShadowId> names = [];
        foreach (string name in shadow.Strings("names", mayBeEmpty: true))
        {
            try
            {
                names.Add(new ShadowId(name));
            }
            catch (ArgumentException)
            {
                shadow.Problem("names", $"holds '{name}': a shadow's name is 1-64 of a-z A-Z 0-9 : _ -, or empty for the classic shadow");
            }
        }

        var config = new ShadowConfig { Names = names.Count > 0 ? names : [ShadowId.Classic], Sync = ReadSync(shadow) };
        return wanted ? config : null;
    }

    private static ShadowSync ReadSync(ConfigReader shadow)
    {
        string text = shadow.String("sync") ?? "realtime";
        if (text is "realtime" or "manual")
        {
            return text == "manual" ? ShadowSync.Manual : ShadowSync.Realtime;
        }

        if (Duration.TryParse(text, out TimeSpan interval) && interval >= TimeSpan.FromSeconds(1) && interval <= TimeSpan.FromDays(24))
        {
            return ShadowSync.Every(interval);
        }

        shadow.Problem("sync", $"must be 'realtime', 'manual' or a time from 1s to 24d such as '60s', not '{text}'");
        return ShadowSync.Realtime;
    }
}
