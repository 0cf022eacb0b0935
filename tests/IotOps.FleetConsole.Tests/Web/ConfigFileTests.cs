using IotOps.Samples.Configuration;
using IotOps.Samples.FleetConsole;
using IotOps.TestKit;

namespace IotOps.FleetConsole.Tests.Web;

public sealed class ConfigFileTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    [Fact]
    public void The_example_of_the_documentation_is_read()
    {
        string page = File.ReadAllText(Path.Combine(Repository(), "docs", "fleet-console.md"));
        string example = ErrorsPageTests.Between(page, "```json5\n", "```");

        ConsoleSettings settings = Read(example);

        settings.PublicAddress.ShouldBe(new Uri("https://console.example.org"));
        settings.TrustedProxies.Select(proxies => proxies.ToString()).ShouldBe(["10.20.0.0/16", "192.0.2.7/32"]);
        settings.FleetIndex!.Region.ShouldBe("eu-central-1");
        settings.SignIn.TokenFile.ShouldBe(_directory["tokens.json"]);
        settings.SignIn.OpenId!.RoleOf(["iot-oncall"]).ShouldBe("responder");
        settings.SignIn.OpenId.RoleOf(["iot-readers"]).ShouldBe("viewer");
        settings.SignIn.OpenId.RoleOf(["others"]).ShouldBeNull();
        settings.Quarantine!.Group.ShouldBe("quarantine");
        settings.Quarantine.HoldTime.ShouldBe(TimeSpan.FromHours(24));
        settings.LogsOf("a/b", new DateTimeOffset(2026, 11, 24, 23, 0, 0, TimeSpan.Zero)).ShouldBe("https://logs.example.org/a%2Fb/2026-11-24.zip");
    }

    [Fact]
    public void The_configuration_beside_the_systemd_unit_is_read_and_may_be_served()
    {
        ConsoleSettings settings = Read(File.ReadAllText(Path.Combine(Repository(), "deploy", "systemd", "console.json5")));

        IotOps.Samples.FleetConsole.Security.ListenGuard.Check(settings);
        settings.Quarantine!.Journal.ShouldBe("/var/lib/fleet-console/quarantines");
    }

    [Theory]
    [InlineData("{ lissten: \"http://127.0.0.1:1\" }", "lissten")]
    [InlineData("{ publicAddress: \"ftp://x\" }", "http:// or https://")]
    [InlineData("{ signIn: { openId: { clientId: \"x\" } } }", "issuer")]
    [InlineData("{ signIn: { openId: { issuer: \"http://idp.example.org\", clientId: \"x\" } } }", "https://")]
    [InlineData("{ quarantine: { group: \"q\" } }", "journal")]
    [InlineData("{ signIn: \"tokens.json\" }", "signIn")]
    [InlineData("{ deviceLogs: \"javascript:alert(1)\" }", "deviceLogs")]
    [InlineData("{ trustedProxies: [\"10.0.0.0/16\", \"proxy.example.org\"] }", "trustedProxies")]
    [InlineData("{ trustedProxies: [\"0.0.0.0/0\"] }", "such as 10.0.0.0/16")]
    [InlineData("{ fleetIndex: { regoin: \"eu-central-1\" } }", "regoin")]
    public void What_cannot_be_is_named(string text, string says) => Should.Throw<ConfigException>(() => Read(text)).Message.ShouldContain(says);

    public void Dispose() => _directory.Dispose();

    private ConsoleSettings Read(string text)
    {
        File.WriteAllText(_directory["console.json5"], text);
        return ConsoleConfigFile.Read(_directory["console.json5"]);
    }

    private static string Repository()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "IotOps.slnx")))
        {
            folder = folder.Parent;
        }

        return folder!.FullName;
    }
}
