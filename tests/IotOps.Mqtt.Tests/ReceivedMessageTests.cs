namespace IotOps.Mqtt.Tests;

/// <summary>Who is told that a message was dealt with.</summary>
public sealed class ReceivedMessageTests
{
    [Fact]
    public void The_owner_is_told_once_however_often_a_message_is_disposed()
    {
        var owner = new CountingOwner();
        var message = new MqttReceivedMessage("a/b", "x"u8.ToArray(), MqttQualityOfService.AtLeastOnce, owner);
        message.Dispose();
        message.Dispose();

        owner.Count.ShouldBe(1);
        message.Payload.IsEmpty.ShouldBeTrue();
    }

    private sealed class CountingOwner : IDisposable
    {
        public int Count { get; private set; }

        public void Dispose() => Count++;
    }
}
