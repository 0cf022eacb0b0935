using IotOps.Fleet.Findings;

namespace IotOps.Fleet;

/// <summary>
/// What Device Defender says over SNS: an <see cref="AuditNotification"/> or a <see cref="DetectNotification"/>; besides, what else comes on the same
/// way: a <see cref="SubscriptionRequest"/> of SNS, and an <see cref="UnreadableNotification"/>.
/// </summary>
public abstract record DefenderNotification
{
    /// <summary>
    /// Reads a message as it arrives: raw, as SNS posts it over HTTP, or as SNS hands it to Lambda. One that cannot be read costs only itself.
    /// </summary>
    /// <param name="utf8Json">JSON in UTF-8.</param>
    /// <returns>The notifications in it; what is none comes out as <see cref="UnreadableNotification"/>. This does not throw.</returns>
    public static IReadOnlyList<DefenderNotification> ReadAll(ReadOnlyMemory<byte> utf8Json) => NotificationReader.Read(utf8Json);
}
