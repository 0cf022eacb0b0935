using System.Net;
using IotOps.Samples.Configuration;
using IotOps.Samples.FleetConsole.Acts;
using IotOps.Samples.FleetConsole.SignIn;

namespace IotOps.Samples.FleetConsole;

/// <summary>The configuration file of the console. Secrets are in environment variables.</summary>
internal static class ConsoleConfigFile
{
    /// <summary>The variable with the secret of the OpenID client.</summary>
    public const string OpenIdSecret = "FLEETCONSOLE_OPENID_SECRET";

    /// <exception cref="ConfigException">The file cannot be read or used.</exception>
    public static ConsoleSettings Read(string path) => ConfigFile.Read(path, document => Settings(document, Path.GetDirectoryName(Path.GetFullPath(path))!));

    private static ConsoleSettings Settings(ConfigReader document, string directory)
    {
        var defaults = new ConsoleSettings();
        return defaults with
        {
            Listen = Address(document, "listen") ?? defaults.Listen,
            PublicAddress = Address(document, "publicAddress"),
            TrustedProxies = Proxies(document, "trustedProxies"),
            Place = document.String("place") ?? "",
            DeviceLogs = Template(document, "deviceLogs"),
            Quarantine = document.Has("quarantine") ? Quarantine(document.Object("quarantine"), directory) : null,
            FleetIndex = document.Has("fleetIndex") ? new FleetIndexSettings { Region = document.Object("fleetIndex").String("region") } : null,
            SignIn = document.Has("signIn") ? SignIn(document.Object("signIn"), directory) : new SignInSettings(),
        };
    }

    private static QuarantineSettings Quarantine(ConfigReader reader, string directory) => new()
    {
        Journal = Path.Combine(directory, reader.RequiredString("journal", "a directory that only the console and FleetTool write")),
        Group = reader.RequiredString("group", "the static thing group that quarantined things join"),
        DenyPolicy = reader.String("denyPolicy"),
        ProtectedGroups = reader.Strings("protectedGroups"),
        MaxPerHour = reader.Integer("maxPerHour", 1, 1_000),
        HoldTime = reader.Duration("hold", TimeSpan.FromHours(24)),
        Region = reader.String("region"),
    };

    private static SignInSettings SignIn(ConfigReader reader, string directory) => new()
    {
        TokenFile = reader.String("tokens") is { } file ? Path.Combine(directory, file) : null,
        OpenId = reader.Has("openId") ? OpenId(reader.Object("openId")) : null,
    };

    private static OpenIdSettings OpenId(ConfigReader reader)
    {
        var settings = new OpenIdSettings
        {
            Issuer = Uri.TryCreate(reader.RequiredString("issuer", "the provider's address"), UriKind.Absolute, out Uri? issuer) ? issuer : new Uri("https://invalid.example"),
            ClientId = reader.RequiredString("clientId", "the console's client id at the provider"),
            ClientSecret = Environment.GetEnvironmentVariable(OpenIdSecret),
            GroupsClaim = reader.String("groupsClaim") ?? "groups",
            NameClaim = reader.String("nameClaim") ?? "sub",
            ResponderGroups = reader.Strings("responders"),
            ViewerGroups = reader.Strings("viewers"),
        };
        if (reader.Has("issuer") && settings.Issuer is not { Scheme: "https" } and not { IsLoopback: true })
        {
            reader.Problem("issuer", "must be an address that begins with https://");
        }

        return settings;
    }

    // An address is a network of its own. The whole of the Internet as a proxy lets anybody choose an address for the audit log and the limits.
    private static List<IPNetwork> Proxies(ConfigReader reader, string key)
    {
        List<IPNetwork> networks = [];
        foreach ((int i, string text) in reader.Strings(key).Index())
        {
            if (IPAddress.TryParse(text, out IPAddress? address))
            {
                networks.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            }
            else if (IPNetwork.TryParse(text, out IPNetwork network) && network.PrefixLength > 0)
            {
                networks.Add(network);
            }
            else
            {
                reader.Problem(key, i, "must be an address such as 192.0.2.7 or a network such as 10.0.0.0/16");
            }
        }

        return networks;
    }

    private static string? Template(ConfigReader reader, string key)
    {
        string? text = reader.String(key);
        if (text is not null && !(Uri.TryCreate(text.Replace("{thing}", "x", StringComparison.Ordinal).Replace("{day}", "x", StringComparison.Ordinal), UriKind.Absolute, out Uri? address) && address.Scheme is "https" or "http"))
        {
            reader.Problem(key, "must be an address such as https://logs.example.org/{thing}/{day}.zip");
        }

        return text;
    }

    private static Uri? Address(ConfigReader reader, string key)
    {
        if (reader.String(key) is not { } text)
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https")
        {
            return address;
        }

        reader.Problem(key, "must be an address that begins with http:// or https://");
        return null;
    }
}
