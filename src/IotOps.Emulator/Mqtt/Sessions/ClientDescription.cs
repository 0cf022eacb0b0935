namespace IotOps.Emulator.Mqtt.Sessions;

/// <summary>A connected client as a test sees it.</summary>
internal static class ClientDescription
{
    public static ConnectedClient Of(Session session)
    {
        IClient client = session.Client!;
        return new ConnectedClient
        {
            ClientId = session.ClientId,
            ProtocolVersion = client.Version,
            Transport = client.Transport.Name,
            ThingName = client.Transport.ThingName,
            ServerName = client.Transport.ServerName,
            ApplicationProtocol = client.Transport.ApplicationProtocol,
            AccessKeyId = client.Transport.AccessKeyId,
            UserName = client.Connect!.UserName,
            CleanStart = client.Connect.CleanStart,
            SessionPresent = client.SessionPresent,
            KeepAlive = client.KeepAliveInterval,
            Subscriptions = [.. session.Subscriptions.Keys.Order(StringComparer.Ordinal)],
            Unacknowledged = session.Unacknowledged,
        };
    }
}
