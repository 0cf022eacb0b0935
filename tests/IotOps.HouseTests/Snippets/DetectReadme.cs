using IotOps.Detect;

namespace IotOps.HouseTests.Snippets;

/// <summary>The code of src/IotOps.Detect/README.md.</summary>
internal static class DetectReadme
{
    public static void Rules()
    {
        Console.WriteLine(DetectRules.ReportSql("fleet/{thing}/defender")); // JSON and CBOR alike, as base64
        Console.WriteLine(DetectRules.LifecycleSql);                        // connected, disconnected, connect_failed
        Console.WriteLine(DetectRules.MessagesSql("#"));                    // optional: a line for each message of the fleet
        Console.WriteLine(DetectRules.ReceivedMessagesSql("commands/{thing}/#"));
    }

    public static void Message(ReadOnlyMemory<byte> body)
    {
        DetectMessage message = DetectMessage.Parse(body);
        Console.WriteLine($"{message.Thing}: {message.Event.Time:u}");
    }
}
