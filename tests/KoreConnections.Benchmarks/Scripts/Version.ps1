$PSVersionTable.PSVersion.ToString()
