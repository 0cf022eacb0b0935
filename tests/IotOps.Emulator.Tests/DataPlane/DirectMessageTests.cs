using IotOps.Emulator.Tests.Mqtt;

namespace IotOps.Emulator.Tests.DataPlane;

/// <summary>Messages for one connected client. See https://docs.aws.amazon.com/iot/latest/developerguide/direct-messaging.html.</summary>
public sealed class DirectMessageTests : DataPlaneTestBase
{
    [Fact]
    public async Task A_message_reaches_its_client_without_a_subscription_and_nobody_else()
    {
        using RawClient device = await Connect311Async("device/1");
        using RawClient other = await Connect311Async("other");
        await SubscribeAsync(other, v5: false, "#");

        DataPlaneReply reply = await CallAsync(HttpMethod.Post, "connections/device%2F1/messages?topic=commands%2Freboot", "now");

        reply.Status.ShouldBe(200, reply.Message);
        ((string?)reply.Body["message"], ((string?)reply.Body["traceId"])?.Length > 0).ShouldBe(("OK", true));
        await device.ExpectAsync(Wire.Publish("commands/reboot", "now"));
        await other.PingAsync();
        Emulator.Mqtt.Received.ShouldBeEmpty("no rule and no service hears of it");
    }

    [Fact]
    public async Task With_confirmation_success_is_the_clients_PUBACK()
    {
        using RawClient device = await Connect311Async("d");

        Task<DataPlaneReply> call = CallAsync(HttpMethod.Post, "connections/d/messages?topic=t&confirmation=true&timeout=10", "m");
        await device.ExpectAsync(Wire.Publish("t", "m", id: 1));
        call.IsCompleted.ShouldBeFalse();
        await device.SendAsync("40 02 00 01");

        (await call).Status.ShouldBe(200);
        Emulator.Mqtt.PendingMessages("d").ShouldBe(0);
    }

    [Theory]
    [InlineData("", 5)]
    [InlineData("&timeout=1", 1)]
    [InlineData("&timeout=15", 15)]
    public async Task A_client_that_does_not_acknowledge_in_time_is_a_gateway_timeout(string query, int seconds)
    {
        using RawClient device = await Connect311Async("d");
        Task<DataPlaneReply> call = CallAsync(HttpMethod.Post, "connections/d/messages?topic=t&confirmation=true" + query, "m");
        await device.ExpectAsync(Wire.Publish("t", "m", id: 1));

        Clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
        await device.PingAsync();
        call.IsCompleted.ShouldBeFalse();
        Clock.Advance(TimeSpan.FromMilliseconds(1));

        DataPlaneReply reply = await call;
        (reply.Status, reply.Error).ShouldBe((504, "GatewayTimeoutException"));
    }

    [Fact]
    public async Task A_client_that_is_away_is_not_found_and_nothing_waits_for_it()
    {
        using (RawClient device = await Connect311Async("d", clean: false))
        {
            await device.SendAsync("E0 00");
            await device.ExpectEndAsync();
        }

        DataPlaneReply reply = await CallAsync(HttpMethod.Post, "connections/d/messages?topic=t&confirmation=true", "m");

        (reply.Status, reply.Error).ShouldBe((404, "ResourceNotFoundException"));
        Emulator.Mqtt.PendingMessages("d").ShouldBe(0);
    }

    [Fact]
    public async Task A_message_that_was_under_way_is_not_sent_again_to_the_next_connection()
    {
        RawClient first = await Connect311Async("d", clean: false);
        Task<DataPlaneReply> call = CallAsync(HttpMethod.Post, "connections/d/messages?topic=t&confirmation=true", "m");
        await first.ExpectAsync(Wire.Publish("t", "m", id: 1));
        first.Dispose();

        (await call).Status.ShouldBe(504);
        using RawClient second = await Connect311Async("d", clean: false, present: true);
        await second.PingAsync();
    }

    [Fact]
    public async Task It_is_not_retained_and_takes_turns_with_other_messages()
    {
        using RawClient device = await Connect5Async("d");
        await SubscribeAsync(device, v5: true, "t");

        Task<DataPlaneReply> call = CallAsync(HttpMethod.Post, "connections/d/messages?topic=t&confirmation=true", "direct");
        await device.ExpectAsync(Wire.Publish("t", "direct", id: 1, properties: ""));
        Emulator.Mqtt.Publish("t", "other");
        await device.ExpectAsync(Wire.Publish("t", "other", id: 2, properties: ""));
        await device.SendAsync("40 02 00 02");
        await device.PingAsync();
        call.IsCompleted.ShouldBeFalse();
        await device.SendAsync("40 02 00 01");

        (await call).Status.ShouldBe(200);
        (await CallAsync(HttpMethod.Get, "retainedMessage/t")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task User_properties_reach_MQTT_5_and_get_lost_on_3_1_1()
    {
        (string, string)[] properties = [("x-amz-mqtt5-user-properties", Convert.ToBase64String("""[{"k":"v"}]"""u8))];
        using RawClient five = await Connect5Async("five");
        using RawClient four = await Connect311Async("four");

        await CallAsync(HttpMethod.Post, "connections/five/messages?topic=t&contentType=text", "m", headers: properties);
        await CallAsync(HttpMethod.Post, "connections/four/messages?topic=t", "m", headers: properties);

        await five.ExpectAsync(Wire.Publish("t", "m", properties: "03 00 04 'text' 26 00 01 'k' 00 01 'v'"));
        await four.ExpectAsync(Wire.Publish("t", "m"));
    }

    [Fact]
    public async Task A_PUBACK_that_refuses_the_message_confirms_nothing()
    {
        using RawClient device = await Connect5Async("d");
        Task<DataPlaneReply> call = CallAsync(HttpMethod.Post, "connections/d/messages?topic=t&confirmation=true", "m");
        await device.ReadAsync();

        await device.SendAsync("40 03 00 01 83");

        DataPlaneReply reply = await call;
        (reply.Status, reply.Error).ShouldBe((504, "GatewayTimeoutException"));
        reply.Message.ShouldNotBeNull().ShouldContain("0x83");
    }

    [Theory]
    [InlineData("connections/d/messages", "topic")]
    [InlineData("connections/d/messages?topic=a%2F%23", "a/#")]
    [InlineData("connections/d/messages?topic=%24aws%2Fthings%2Fd%2Fshadow%2Fget", "$aws")]
    [InlineData("connections/d/messages?topic=t&confirmation=true&timeout=0", "timeout")]
    [InlineData("connections/d/messages?topic=t&confirmation=true&timeout=16", "timeout")]
    [InlineData("connections/d/messages?topic=t&confirmation=maybe", "confirmation")]
    [InlineData("connections/%24d/messages?topic=t", "$d")]
    public async Task A_request_that_cannot_be_is_invalid(string path, string named)
    {
        using RawClient device = await Connect311Async("d");

        DataPlaneReply reply = await CallAsync(HttpMethod.Post, path, "m");

        (reply.Status, reply.Error).ShouldBe((400, "InvalidRequestException"));
        reply.Message.ShouldNotBeNull().ShouldContain(named);
        await device.PingAsync();
    }

    [Fact]
    public async Task Faults_hit_it_as_they_hit_every_operation()
    {
        using RawClient device = await Connect311Async("d");
        using (Emulator.Faults.Add(new Fault { Operation = "SendDirectMessage", When = r => r.ClientId == "d" && r.Topic == "t", Status = 503 }))
        {
            (await CallAsync(HttpMethod.Post, "connections/d/messages?topic=t", "m")).Status.ShouldBe(503);
        }

        Emulator.Faults.Add(new Fault { Operation = "MqttDeliver", Lose = true });
        Task<DataPlaneReply> call = CallAsync(HttpMethod.Post, "connections/d/messages?topic=t&confirmation=true&timeout=1", "m");
        while (Emulator.Mqtt.PendingMessages("d") == 0)
        {
            await Task.Yield();
        }

        // The wait begins after the message is under way; a tick of the clock before it would be lost.
        while (!call.IsCompleted)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        (await call).Status.ShouldBe(504);
        await device.PingAsync();
    }
}
