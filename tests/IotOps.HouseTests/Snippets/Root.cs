using IotOps.Aws;
using IotOps.Logs;

namespace IotOps.HouseTests.Snippets;

/// <summary>The code of README.md.</summary>
internal static class Root
{
    public static async Task Ship()
    {
        await using var shipper = new LogShipper(new LogShipperOptions
        {
            Region = "eu-west-1",
            StateDirectory = "/var/lib/my-agent",
            ThingName = "THING00001",
            RetentionDays = 30,
            Files =
            [
                new LogFileOptions { Path = "/var/log/sys*log", Group = "devices", Stream = "{thing}/{file}" },
                new LogFileOptions { Path = "/var/log/app/**/*.log", Group = "devices", Stream = "{thing}/app", Timestamp = LogTimestampOptions.Iso8601 },
            ],
        });
        shipper.Start();
    }

    public static IotCredentialsProvider Credentials()
    {
        var credentials = new IotCredentialsProvider(new IotCredentialsProviderOptions
        {
            Endpoint = new Uri("https://c2sakl5huz0afv.credentials.iot.eu-west-1.amazonaws.com"),
            RoleAlias = "DeviceLogs",
            ThingName = "THING00001",
            CertificateFile = "/etc/iot/device.pem",
            PrivateKeyFile = "/etc/iot/device.key",
        });
        return credentials;
    }
}
