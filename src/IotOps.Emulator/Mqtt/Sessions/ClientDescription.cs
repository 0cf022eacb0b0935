namespace IotOps.Emulator.Mqtt.Sessions;

/// <summary>A connected client as a test sees it.</summary>
internal static class ClientDescription
{
    public static ConnectedClient Of(Session session)
    {
        ClientConnection connection = session.Connection!;
        return new ConnectedClient
        {
            ClientId = session.ClientId,
            ProtocolVersion = connection.Version,
            Transport = connection.Transport.Name,
            ThingName = connection.Transport.ThingName,
            ServerName = connection.Transport.ServerName,
            ApplicationProtocol = connection.Transport.ApplicationProtocol,
            AccessKeyId = connection.Transport.AccessKeyId,
            UserName = connection.Connect!.UserName,
            CleanStart = connection.Connect.CleanStart,
            SessionPresent = connection.SessionPresent,
            KeepAlive = connection.KeepAliveInterval,
            Subscriptions = [.. session.Subscriptions.Keys.Order(StringComparer.Ordinal)],
            Unacknowledged = session.Unacknowledged,
        };
    }
}
