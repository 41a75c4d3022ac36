"""Devices of somebody else's making: MQTT.js and mosquitto_pub against the whole running system."""
