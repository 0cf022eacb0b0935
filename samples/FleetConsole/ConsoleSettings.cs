using System.Net;
using IotOps.Samples.FleetConsole.Acts;
using IotOps.Samples.FleetConsole.SignIn;

namespace IotOps.Samples.FleetConsole;

/// <summary>How the console's web side runs, from the command line and the configuration file.</summary>
internal sealed record ConsoleSettings
{
    /// <summary>Where it listens; port 0 takes a free one.</summary>
    public Uri Listen { get; init; } = new("http://127.0.0.1:8090");

    /// <summary>Its address in the browser, where a proxy that ends TLS stands before it; null for the address it listens on.</summary>
    public Uri? PublicAddress { get; init; }

    /// <summary>Proxies beyond this machine whose <c>X-Forwarded-For</c> is believed; none unless set. Those of loopback always are.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>A directory for the keys that protect cookies: sessions survive a restart, and consoles that share it share sessions. In memory when null.</summary>
    public string? KeyDirectory { get; init; }

    /// <summary>A directory for evidence bundles that are to be downloaded; a temporary one when null.</summary>
    public string? EvidenceDirectory { get; init; }

    /// <summary>Who may come in; nobody but this machine unless set.</summary>
    public SignInSettings SignIn { get; init; } = new();

    /// <summary>What stands under the console's name, such as an account and region.</summary>
    public string Place { get; init; } = "";

    /// <summary>How quarantines are made; null for none.</summary>
    public QuarantineSettings? Quarantine { get; init; }

    /// <summary>Which fleet index queries are sent to; that of the quarantines' account when null.</summary>
    public FleetIndexSettings? FleetIndex { get; init; }

    /// <summary>Where a day of a device's logs is: an address with <c>{thing}</c> and <c>{day}</c> in it, such as that of the log export; null for none.</summary>
    public string? DeviceLogs { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The address of a device's logs of a day; null when none is configured.</summary>
    public string? LogsOf(string thing, DateTimeOffset day) => DeviceLogs?
        .Replace("{thing}", Uri.EscapeDataString(thing), StringComparison.Ordinal)
        .Replace("{day}", day.UtcDateTime.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
}
