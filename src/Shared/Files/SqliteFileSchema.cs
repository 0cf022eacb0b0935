namespace IotOps.Shared;

/// <summary>What a program keeps in a SQLite file, and what tells the file from those of others.</summary>
/// <param name="Tables">Statements that make the tables, each with its semicolon.</param>
/// <param name="ApplicationId">The program's number: https://www.sqlite.org/fileformat.html#application_id.</param>
/// <param name="Version">The version of the tables.</param>
internal sealed record SqliteFileSchema(string Tables, int ApplicationId, int Version);
