using IotOps.TestKit;

namespace IotOps.Emulator.Tests;

/// <summary>Which long-term keys are let in.</summary>
public sealed class KeyTests
{
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public async Task A_key_pair_of_the_options_takes_the_place_of_the_example()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync(new EmulatorOptions { TimeProvider = _clock, AccessKeyId = "AKIAMINE", SecretAccessKey = "mine" });
        (emulator.AccessKeyId, emulator.SecretAccessKey).ShouldBe(("AKIAMINE", "mine"));

        (await CallAsync(emulator, "AKIAMINE", "mine")).Status.ShouldBe(200);
        LogsAnswer refused = await CallAsync(emulator, "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
        refused.Code.ShouldBe("UnrecognizedClientException");
        refused.Message.ShouldNotBeNull().ShouldContain("its own is AKIAMINE");
    }

    [Theory]
    [InlineData(true, 200)]
    [InlineData(false, 400)]
    public async Task Test_keys_are_let_in_when_asked_for(bool accepted, int status)
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync(new EmulatorOptions { TimeProvider = _clock, AcceptsTestKeys = accepted });

        (await CallAsync(emulator, "test", "test")).Status.ShouldBe(status);
    }

    private async Task<LogsAnswer> CallAsync(AwsEmulator emulator, string id, string secret)
    {
        using var client = new LogsClient(emulator, _clock) { Signer = new TestSigner(id, secret, "us-east-1", "logs") };
        return await client.CallAsync("DescribeLogGroups", "{}");
    }
}
