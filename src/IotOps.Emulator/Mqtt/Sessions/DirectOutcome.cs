namespace IotOps.Emulator.Mqtt.Sessions;

/// <summary>What became of a message for one client.</summary>
/// <param name="IsDelivered">Whether it was acknowledged, or sent where no acknowledgement was asked for.</param>
/// <param name="Why">Why not; empty when it was.</param>
internal sealed record DirectOutcome(bool IsDelivered, string Why)
{
    public static DirectOutcome Delivered { get; } = new(true, "");

    public static DirectOutcome NotConnected { get; } = new(false, "The client is not connected.");

    public static DirectOutcome Gone { get; } = new(false, "The client disconnected before it acknowledged the message.");

    public static DirectOutcome NotTaken { get; } = new(false, "The client takes no packets of that size.");

    public static DirectOutcome WindowIsFull { get; } = new(false, "The client has as many unacknowledged messages as it takes.");

    public static DirectOutcome Refused(byte reason) => new(false, $"The client refused the message with reason code 0x{reason:X2}.");
}
