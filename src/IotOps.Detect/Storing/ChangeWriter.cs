using Microsoft.Data.Sqlite;

namespace IotOps.Detect.Storing;

/// <summary>Writes the changes of one transaction with statements that are prepared once.</summary>
internal sealed class ChangeWriter : IDisposable
{
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _update;
    private readonly SqliteCommand _alarm;

    public ChangeWriter(SqliteConnection connection, SqliteTransaction transaction)
    {
        _insert = Prepare("INSERT INTO things (thing, version, due, state) VALUES ($thing, 1, $due, $state) ON CONFLICT DO NOTHING");
        _update = Prepare("UPDATE things SET version = version + 1, due = $due, state = $state WHERE thing = $thing AND version = $version");

        // The same event again is the same row.
        _alarm = Prepare("INSERT INTO alarms (id, time, claimed, json) VALUES ($id, $time, 0, $json) ON CONFLICT DO NOTHING");

        SqliteCommand Prepare(string sql)
        {
            SqliteCommand command = connection.CreateCommand();
            command.CommandText = sql;
            command.Transaction = transaction;
            return command;
        }
    }

    /// <summary>False, and nothing written, when the record has another version.</summary>
    public bool TryWrite(DetectChange change)
    {
        SqliteCommand command = change.Version == 0 ? _insert : _update;
        command.Parameters.Clear();
        command.Parameters.AddWithValue("$thing", change.Thing);
        command.Parameters.AddWithValue("$due", change.DueAt is { } due ? due.ToUnixTimeMilliseconds() : DBNull.Value);
        command.Parameters.AddWithValue("$state", change.State.ToArray());
        if (change.Version != 0)
        {
            command.Parameters.AddWithValue("$version", change.Version);
        }

        if (command.ExecuteNonQuery() == 0)
        {
            return false;
        }

        foreach (StoredAlarm alarm in change.Alarms)
        {
            _alarm.Parameters.Clear();
            _alarm.Parameters.AddWithValue("$id", alarm.Id);
            _alarm.Parameters.AddWithValue("$time", alarm.Time.ToUnixTimeMilliseconds());
            _alarm.Parameters.AddWithValue("$json", alarm.Json.ToArray());
            _alarm.ExecuteNonQuery();
        }

        return true;
    }

    public void Dispose()
    {
        _insert.Dispose();
        _update.Dispose();
        _alarm.Dispose();
    }
}
