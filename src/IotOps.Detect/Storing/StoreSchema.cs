using IotOps.Shared;

namespace IotOps.Detect.Storing;

/// <summary>The tables of the SQLite store.</summary>
internal static class StoreSchema
{
    /// <summary>Its number is the letters "IoDs". Names compare by bytes (BINARY, the default), which is what a scan's pages and DynamoDB do too.</summary>
    public static SqliteFileSchema File { get; } = new(
        """
        CREATE TABLE things (thing TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, due INTEGER, state BLOB NOT NULL);
        CREATE INDEX things_due ON things (due) WHERE due IS NOT NULL;
        CREATE TABLE alarms (id TEXT NOT NULL PRIMARY KEY, time INTEGER NOT NULL, claimed INTEGER NOT NULL, json BLOB NOT NULL);
        CREATE TABLE documents (name TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, content BLOB NOT NULL);
        """,
        ApplicationId: 0x496F4473,
        Version: 1);
}
