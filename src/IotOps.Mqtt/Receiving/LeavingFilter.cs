namespace IotOps.Mqtt.Receiving;

/// <summary>A filter that the broker may still have and nobody wants.</summary>
internal sealed class LeavingFilter
{
    /// <summary>Who waits for the UNSUBACK.</summary>
    public TaskCompletionSource? Waiter { get; set; }

    /// <summary>Connections that ended with its UNSUBSCRIBE unanswered.</summary>
    public int Interruptions { get; set; }
}
