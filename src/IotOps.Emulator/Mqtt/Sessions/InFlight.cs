namespace IotOps.Emulator.Mqtt.Sessions;

/// <summary>A delivery that waits for its PUBACK.</summary>
internal sealed record InFlight(ushort PacketId, Delivery Delivery);
