namespace IotOps.Emulator.Tests.Logs;

public sealed class GzipTests : LogsTestBase
{
    [Fact]
    public async Task A_gzip_body_is_read_and_told_apart()
    {
        Client.Gzip = true;

        (await Client.PutAsync("g", "s", (Now, new string('z', 10_000)))).Status.ShouldBe(200);

        Messages().ShouldBe([new string('z', 10_000)]);
        PutLogEventsCall call = Emulator.Logs.Requests.ShouldHaveSingleItem();
        (call.IsGzip, call.BatchBytes, call.Events).ShouldBe((true, 10_026, 1));
        call.WireBytes.ShouldBeLessThan(500);
    }

    [Fact]
    public async Task A_broken_gzip_body_is_a_serialization_error()
    {
        Client.Gzip = true;

        (await Client.CallAsync("PutLogEvents", [1, 2, 3])).Code.ShouldBe("SerializationException");
    }

    [Fact]
    public async Task An_endpoint_that_knows_no_gzip_refuses_it_and_takes_the_same_batch_raw()
    {
        await using AwsEmulator plain = await AwsEmulator.StartAsync(new EmulatorOptions { TimeProvider = Clock, AcceptsGzip = false });
        plain.Logs.CreateGroup("g");
        plain.Logs.CreateStream("g", "s");
        using var client = new LogsClient(plain, Clock) { Gzip = true };

        (await client.PutAsync("g", "s", (Now, "m"))).Status.ShouldBe(400);
        client.Gzip = false;
        (await client.PutAsync("g", "s", (Now, "m"))).Status.ShouldBe(200);
    }
}
