using System.Diagnostics;
using System.Text.Json.Nodes;
using IotOps.InteropTests.Peers;
using IotOps.TestKit;

namespace IotOps.InteropTests.Emulator;

public sealed class EmulatorHostTests(InteropPeers peers)
{
    [Fact]
    public async Task A_person_connects_with_TLS_and_the_certificate_that_was_written()
    {
        peers.Require("mosquitto-clients");
        using var directory = new TempDirectory();
        using Process host = Start("--port", "0", "--mqtt-port", "0", "--data", directory.Path, "--thing", "THING00001,THING00002", "--json");
        try
        {
            JsonNode told = JsonNode.Parse((await host.StandardOutput.ReadLineAsync())!)!;
            string certificates = (string)told["IOTOPS_CERTIFICATES"]!;
            certificates.ShouldBe(directory["certificates"]);

            await PeerCommand.RunAsync(
                "mosquitto_pub",
                [
                    "-h", "localhost", "-p", (string)told["IOTOPS_MQTTS_PORT"]!, "--cafile", Path.Combine(certificates, "ca.pem"),
                    "--cert", Path.Combine(certificates, "THING00002.cert.pem"), "--key", Path.Combine(certificates, "THING00002.key.pem"), "-q", "1", "-t", "t", "-m", "m",
                ]);
            await PeerCommand.RunAsync("mosquitto_pub", ["-h", "127.0.0.1", "-p", (string)told["IOTOPS_MQTT_PORT"]!, "-q", "1", "-t", "t", "-m", "m"]);
        }
        finally
        {
            host.Kill();
            await host.WaitForExitAsync();
        }
    }

    [Fact]
    public async Task Things_of_a_file_are_found_by_aws_cli()
    {
        Peer aws = peers.Require("aws-cli");
        using var directory = new TempDirectory();
        await File.WriteAllTextAsync(directory["fleet.json"], """[{"thingName":"a","attributes":{"site":"north"}},{"thingName":"b","attributes":{"site":"south"}}]""");
        using Process host = Start("--port", "0", "--mqtt-port", "0", "--fleet", directory["fleet.json"], "--json");
        try
        {
            JsonObject told = JsonNode.Parse((await host.StandardOutput.ReadLineAsync())!)!.AsObject();
            Dictionary<string, string> environment = told.ToDictionary(one => one.Key, one => (string)one.Value!, StringComparer.Ordinal);

            string found = await PeerCommand.RunAsync(aws.Program, ["iot", "search-index", "--query-string", "attributes.site:n*", "--query", "things[].thingName", "--output", "text"], environment);

            found.Trim().ShouldBe("a");
        }
        finally
        {
            host.Kill();
            await host.WaitForExitAsync();
        }
    }

    [Fact]
    public async Task Certificates_need_a_folder_to_go_to()
    {
        using Process host = Start("--port", "0", "--thing", "THING00001");

        (await host.StandardError.ReadToEndAsync()).ShouldContain("--data");
        await host.WaitForExitAsync();
        host.ExitCode.ShouldBe(2);
    }

    private static Process Start(params string[] arguments)
    {
        string program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "EmulatorHost", new DirectoryInfo(AppContext.BaseDirectory).Name, "EmulatorHost.dll"));
        return Process.Start(new ProcessStartInfo("dotnet", ["exec", program, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }
}
