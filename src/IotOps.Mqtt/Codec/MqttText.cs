using System.Text;

namespace IotOps.Mqtt.Codec;

/// <summary>MQTT's strings: UTF-8 with a length of two bytes (OASIS MQTT 5.0, 1.5.4).</summary>
internal static class MqttText
{
    private const int LongestString = 65_535;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>UTF-8 length of a string that MQTT can carry.</summary>
    /// <exception cref="ArgumentException">MQTT cannot carry it.</exception>
    public static int Bytes(string value, string name)
    {
        int bytes;
        try
        {
            bytes = StrictUtf8.GetByteCount(value);
        }
        catch (EncoderFallbackException e)
        {
            throw new ArgumentException($"{name} has half a surrogate pair at {e.Index}.", name, e);
        }

        return bytes <= LongestString ? bytes : throw new ArgumentException($"{name} has {bytes} bytes; MQTT's strings have {LongestString} at most.", name);
    }
}
