
namespace IotOps.Mqtt.Storing;

/// <summary>A message that waits, or is on its way.</summary>
/// <param name="id">Its number; one more than the one before it.</param>
/// <param name="record">Itself, as it is on the disk.</param>
internal sealed class StoredMessage(long id, ReadOnlyMemory<byte> record)
{
    // What an object that waits costs beside its bytes.
    private const int Overhead = 64;

    public long Id => id;

    public ReadOnlyMemory<byte> Record => record;

    public long Bytes => record.Length + Overhead;

    /// <summary>It was given to the connection, which has not answered.</summary>
    public bool IsUnderWay { get; set; }

    public static long BytesOf(int record) => record + Overhead;

    public (string Topic, ReadOnlyMemory<byte> Payload, MqttPublishOptions? Options, DateTimeOffset? Expires) Content() => StoredRecord.ReadMessage(record);
}
