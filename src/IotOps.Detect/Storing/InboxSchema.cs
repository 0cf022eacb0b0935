using IotOps.Shared;

namespace IotOps.Detect.Storing;

/// <summary>The tables of the SQLite inbox.</summary>
internal static class InboxSchema
{
    /// <summary>Its number is the letters "IoDq".</summary>
    public static SqliteFileSchema File { get; } = new(
        """
        CREATE TABLE messages (id INTEGER PRIMARY KEY AUTOINCREMENT, visible INTEGER NOT NULL, deliveries INTEGER NOT NULL, body BLOB NOT NULL);
        CREATE INDEX messages_visible ON messages (visible, id);
        CREATE TABLE dead (id INTEGER PRIMARY KEY, since INTEGER NOT NULL, body BLOB NOT NULL);
        """,
        ApplicationId: 0x496F4471,
        Version: 1);
}
