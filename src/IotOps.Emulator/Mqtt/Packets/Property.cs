namespace IotOps.Emulator.Mqtt.Packets;

/// <summary>One property; of the values those that its kind has are set.</summary>
/// <param name="Id">Which.</param>
/// <param name="Number">Its value, where that is a number.</param>
/// <param name="Text">Its text, or the name of a pair.</param>
/// <param name="Value">The value of a pair.</param>
/// <param name="Data">Its bytes, where it is binary.</param>
internal sealed record Property(PropertyId Id, uint Number = 0, string Text = "", string Value = "", ReadOnlyMemory<byte> Data = default);
