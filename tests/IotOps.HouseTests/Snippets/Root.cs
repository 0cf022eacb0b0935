using IotOps.Aws;
using IotOps.Defender;
using IotOps.Logs;
using IotOps.Mqtt;
using IotOps.Shadow;

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

    public static async Task Shadow()
    {
        await using var connection = new MqttConnection(new MqttConnectionOptions
        {
            Host = "a1b2c3d4e5f6g7-ats.iot.eu-west-1.amazonaws.com",
            ClientId = "THING00001",
            Tls = new MqttTlsOptions { CertificateFile = "/etc/iot/device.pem", PrivateKeyFile = "/etc/iot/device.key" },
        });
        await using var shadows = new ShadowCache(new ShadowCacheOptions
        {
            Connection = connection,
            ThingName = "THING00001",
            StateDirectory = "/var/lib/my-agent/shadow",
        });
        DeviceShadow shadow = shadows[ShadowId.Classic];
        shadows.Start();
        await connection.ConnectAsync();

        await shadow.Reported.SetAsync("wifi/rssi", -61); // on disk now, in the cloud as soon as it can be reached
        await foreach (ShadowDelta delta in shadow.DeltasAsync())
        {
            await shadow.AcceptDeltaAsync(delta);
        }
    }

    public static async Task Defender(MqttConnection connection)
    {
        var rules = new SecurityProfileEvaluator(new SecurityProfileEvaluatorOptions
        {
            ThingName = "THING00001",
            Profile = SecurityProfile.Parse(await File.ReadAllBytesAsync("/etc/iot/security-profile.json")), // aws iot describe-security-profile
            StateFile = "/var/lib/my-agent/defender/alarms.json",
        });
        await using var publisher = new DefenderPublisher(new DefenderPublisherOptions
        {
            Connection = connection,
            ThingName = "THING00001",
            Collector = new MetricsCollector(new MetricsCollectorOptions { BuiltIn = [BuiltInMetrics.CpuUsage] }),
            Evaluator = rules,
        });
        publisher.Start();
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
