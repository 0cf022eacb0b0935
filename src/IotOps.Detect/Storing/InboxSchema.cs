namespace IotOps.Detect.Storing;

/// <summary>The tables of the SQLite inbox.</summary>
internal static class InboxSchema
{
    /// <summary>SQLite's application_id: the letters "IoDq".</summary>
    public const int ApplicationId = 0x496F4471;

    public const string Sql = """
        CREATE TABLE messages (id INTEGER PRIMARY KEY AUTOINCREMENT, visible INTEGER NOT NULL, deliveries INTEGER NOT NULL, body BLOB NOT NULL);
        CREATE INDEX messages_visible ON messages (visible, id);
        CREATE TABLE dead (id INTEGER PRIMARY KEY, since INTEGER NOT NULL, body BLOB NOT NULL);
        """;
}
