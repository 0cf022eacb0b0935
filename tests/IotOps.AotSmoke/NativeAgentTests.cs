using System.Text.Json;
using IotOps.Emulator;
using IotOps.TestKit;

namespace IotOps.AotSmoke;

public sealed class NativeAgentTests(NativeAgent agent, ITestOutputHelper output)
{
    private const long MaxBytes = 12_000_000;

    [Fact]
    public void It_is_published_without_a_warning()
    {
        agent.PublishOutput.ShouldNotContain("warning", Case.Insensitive);
    }

    [Fact]
    public void It_is_at_most_12_MB_with_every_service_in_it()
    {
        long size = new FileInfo(agent.Path).Length;

        output.WriteLine($"DeviceAgent: {size / 1e6:N1} MB on disk");
        size.ShouldBeLessThanOrEqualTo(MaxBytes);
    }

    [Fact]
    public async Task It_ships_a_file_and_ends_when_idle()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        using var directory = new TempDirectory();
        string[] lines = [.. Enumerable.Range(0, 5_000).Select(i => $"line {i} größer 😀")];
        File.WriteAllLines(directory["app.log"], lines);
        string config = WriteConfig(directory);

        using var run = new AgentRun(agent.Path, emulator, "run", "--config", config, "--until-idle", "300ms", "--json");
        (int code, string printed, string error) = await run.WaitAsync();

        code.ShouldBe(0, error);
        emulator.Logs.Events("smoke", "app.log").Select(e => e.Message).ShouldBe(lines);
        emulator.Logs.RetentionInDays("smoke").ShouldBe(7);
        JsonElement counters = JsonDocument.Parse(printed).RootElement;
        counters.GetProperty("eventsAccepted").GetInt64().ShouldBe(5_000);
        counters.GetProperty("eventsPending").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task It_drains_on_SIGTERM_and_exits_0()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        using var directory = new TempDirectory();
        File.WriteAllText(directory["app.log"], "first\n");

        // A flush of an hour: only the drain sends what comes behind the first line.
        string config = WriteConfig(directory, flush: "1h");
        using var firstRead = new FirstRead(directory.Path);
        using var run = new AgentRun(agent.Path, emulator, "run", "--config", config);
        TimeSpan toFirstByte = TimeProvider.System.GetElapsedTime(run.StartedAt, await firstRead.Task);
        await File.AppendAllTextAsync(directory["app.log"], "second\n");
        long resident = run.ResidentBytes;
        await run.TerminateAsync();
        (int code, _, string error) = await run.WaitAsync();

        output.WriteLine($"start to first byte tailed: {toFirstByte.TotalMilliseconds:N1} ms; {resident / 1e6:N1} MB resident");
        code.ShouldBe(0, error);
        emulator.Logs.Events("smoke", "app.log").Select(e => e.Message).ShouldBe(["first", "second"]);
    }

    [Fact]
    public async Task It_trades_its_certificate_for_keys_and_ships_with_them()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        using var directory = new TempDirectory();
        emulator.Iot.SetRoleAlias(new RoleAlias { Name = "agent", CredentialDuration = TimeSpan.FromMinutes(15) });
        WriteCertificates(emulator, directory);
        File.WriteAllText(directory["app.log"], "signed with the device's own keys\n");
        File.WriteAllText(
            directory["agent.json5"],
            $$"""
            { thing: 'THING00001', state: 'state', services: { cloud: { keys: true } },
              keys: { endpoint: '{{emulator.Iot.CredentialsEndpoint}}', roleAlias: 'agent', certificate: 'cert.pem', key: 'key.pem', ca: 'ca.pem' },
              logs: { files: [ { path: '*.log', group: 'smoke', stream: '{thing}' } ], flush: '200ms' } }
            """);

        using var run = new AgentRun(agent.Path, emulator, "run", "--config", directory["agent.json5"], "--until-idle", "300ms");
        (int code, _, string error) = await run.WaitAsync();

        code.ShouldBe(0, error);
        emulator.Logs.Events("smoke", "THING00001").Select(e => e.Message).ShouldBe(["signed with the device's own keys"]);
        emulator.Iot.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task It_keeps_a_shadow_in_step_with_the_cloud_over_mutual_TLS()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        using var directory = new TempDirectory();
        WriteCertificates(emulator, directory);
        string config = directory["agent.json5"];
        File.WriteAllText(
            config,
            $$"""
            { thing: 'THING00001', state: 'state', services: { cloud: { logs: false, shadow: true } },
              mqtt: { endpoint: 'localhost', port: {{emulator.Mqtt.TlsPort}}, certificate: 'cert.pem', key: 'key.pem', ca: 'ca.pem' } }
            """);

        using var run = new AgentRun(agent.Path, emulator, "run", "--config", config);
        await emulator.Mqtt.WaitForSubscriptionAsync("THING00001", "$aws/things/THING00001/shadow/update/delta", TestContext.Current.CancellationToken);
        (int code, string printed, string error) = await AskAsync(emulator, "set", "wifi/rssi", "-61", "--config", config);
        (code, printed.Trim()).ShouldBe((0, "-61"), error);
        while (emulator.Shadows.Version("THING00001") == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        emulator.Shadows.Find("THING00001")!.ShouldContain("\"rssi\":-61");
        await run.TerminateAsync();
        (code, _, error) = await run.WaitAsync();
        code.ShouldBe(0, error);

        // The socket is gone with the agent.
        (code, _, error) = await AskAsync(emulator, "get", "--config", config);
        code.ShouldBe(1);
        error.ShouldContain("no agent with services.cloud.shadow runs on the state directory");
    }

    [Fact]
    public async Task It_puts_a_file_into_S3()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        emulator.S3.CreateBucket("smoke", "eu-west-1");
        using var directory = new TempDirectory();
        byte[] content = [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * 31))];
        File.WriteAllBytes(directory["dump.bin"], content);

        using var run = new AgentRun(agent.Path, emulator, "put", "--bucket", "smoke", "--key", "dumps/1.bin", "--file", directory["dump.bin"], "--json");
        (int code, string printed, string error) = await run.WaitAsync();

        code.ShouldBe(0, error);
        JsonDocument.Parse(printed).RootElement.GetProperty("bytes").GetInt64().ShouldBe(content.Length);
        (await emulator.S3.FindAsync("smoke", "dumps/1.bin"))!.Content.ToArray().ShouldBe(content);
    }

    [Fact]
    public async Task It_sends_its_own_messages_to_the_cloud_when_told_to()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        using var directory = new TempDirectory();
        File.WriteAllText(directory["agent.json5"], "{ thing: 'THING00001', trace: { path: 'cloud' } }");

        using var run = new AgentRun(agent.Path, emulator, "run", "--config", directory["agent.json5"], "--until-idle", "300ms");
        (int code, _, string error) = await run.WaitAsync();

        code.ShouldBe(0, error);
        emulator.Logs.Events("Ioto", "THING00001/agent")[0].Message.ShouldContain("Started");
    }

    [Fact]
    public async Task It_tells_mistakes_in_its_configuration_by_line_and_exits_2()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        using var directory = new TempDirectory();
        File.WriteAllText(directory["agent.json5"], "{\n  logs: { files: [ { path: 'a', grop: 'b' } ] } }");

        using var run = new AgentRun(agent.Path, emulator, "run", "--config", directory["agent.json5"]);
        (int code, _, string error) = await run.WaitAsync();

        code.ShouldBe(2);
        error.ShouldContain("agent.json5:2: unknown key 'grop' in logs.files[0]; did you mean 'group'?");
    }

    private async Task<(int Code, string Output, string Error)> AskAsync(AwsEmulator emulator, params string[] arguments)
    {
        using var run = new AgentRun(agent.Path, emulator, ["shadow", .. arguments]);
        return await run.WaitAsync();
    }

    private static void WriteCertificates(AwsEmulator emulator, TempDirectory directory)
    {
        DeviceCertificate device = emulator.Iot.IssueDeviceCertificate("THING00001");
        File.WriteAllText(directory["cert.pem"], device.CertificatePem);
        File.WriteAllText(directory["key.pem"], device.PrivateKeyPem);
        File.WriteAllText(directory["ca.pem"], emulator.Iot.CertificateAuthorityPem);
    }

    private static string WriteConfig(TempDirectory directory, string flush = "200ms")
    {
        File.WriteAllText(
            directory["agent.json5"],
            $$"""
            // Paths are relative to this file.
            { state: 'state', logs: { files: [ { path: '*.log', group: 'smoke', stream: '{file}' } ], retentionDays: 7, flush: '{{flush}}' } }
            """);
        return directory["agent.json5"];
    }
}
