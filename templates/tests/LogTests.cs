using Amazon.Runtime;
using IotOps.Emulator.Xunit;
using IotOps.Logs;

namespace DeviceTests;

public sealed class LogTests(EmulatorFixture emulator) : IClassFixture<EmulatorFixture>
{
    [Fact]
    public async Task Every_line_of_a_file_arrives()
    {
        string directory = Directory.CreateTempSubdirectory().FullName;
        string group = EmulatorFixture.NewName("devices");
        await File.WriteAllTextAsync(Path.Combine(directory, "app.log"), "started\nready\n", TestContext.Current.CancellationToken);
        await using var shipper = new LogShipper(new LogShipperOptions
        {
            Region = "us-east-1",
            Endpoint = emulator.Aws.Endpoint,
            Credentials = new BasicAWSCredentials(emulator.Aws.AccessKeyId, emulator.Aws.SecretAccessKey),
            StateDirectory = Path.Combine(directory, "state"),
            Files = [new LogFileOptions { Path = Path.Combine(directory, "*.log"), Group = group, Stream = "app" }],
        });
        shipper.Start();
        await shipper.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["started", "ready"], emulator.Aws.Logs.Events(group, "app").Select(entry => entry.Message));
    }
}
